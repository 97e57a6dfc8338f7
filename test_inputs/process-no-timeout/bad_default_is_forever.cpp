// LLVM and wxWidgets: what the defaults mean.
#include <string>

namespace llvm::sys {
int ExecuteAndWait(const std::string &program, const char *const *arguments, const char *const *environment = nullptr,
                   const std::string *redirects = nullptr, unsigned secondsToWait = 0, unsigned memoryLimit = 0);
} // namespace llvm::sys

class wxString {
public:
  wxString(const char *text);
};
enum { wxEXEC_ASYNC = 0, wxEXEC_SYNC = 1 };
long wxExecute(const wxString &command, int flags = wxEXEC_ASYNC, void *callback = nullptr);

int link(const char *const *arguments) {
  return llvm::sys::ExecuteAndWait("/usr/bin/ld", arguments); // expect: process-no-timeout
}

int linkBounded(const char *const *arguments) {
  return llvm::sys::ExecuteAndWait("/usr/bin/ld", arguments, nullptr, nullptr, 60);
}

void showHelp() { wxExecute("xdg-open help.html"); }

long convert() {
  return wxExecute("convert a.png b.png", wxEXEC_SYNC); // expect: process-no-timeout
}
