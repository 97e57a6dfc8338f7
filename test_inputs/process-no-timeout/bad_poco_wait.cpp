// Poco: wait() has no time-out; a handle that is asked with tryWait() has one.
#include <string>
#include <unistd.h>
#include <vector>

namespace Poco {
class ProcessHandle {
public:
  ProcessHandle(const ProcessHandle &);
  ~ProcessHandle();
  int wait() const;
  int tryWait() const;
};
class Process {
public:
  static ProcessHandle launch(const std::string &command, const std::vector<std::string> &arguments);
  static void kill(ProcessHandle &handle);
};
} // namespace Poco

int run(const std::string &tool) {
  Poco::ProcessHandle handle = Poco::Process::launch(tool, {});
  return handle.wait(); // expect: process-no-timeout
}

int runBounded(const std::string &tool) {
  Poco::ProcessHandle handle = Poco::Process::launch(tool, {});
  for (int i = 0; i < 100; ++i) {
    int status = handle.tryWait();
    if (status >= 0)
      return status;
    usleep(10000);
  }
  Poco::Process::kill(handle);
  return handle.wait();
}
