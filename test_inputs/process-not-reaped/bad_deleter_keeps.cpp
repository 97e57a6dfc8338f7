// The owner's deleter logs, but closes nothing.
#include <cstdio>
#include <memory>
#include <string>

struct Logger {
  void operator()(FILE *) const { puts("done"); }
};

static std::string firstLine(const char *command) {
  std::unique_ptr<FILE, Logger> stream(popen(command, "r")); // expect: process-not-reaped
  char line[128];
  if (!stream || !fgets(line, sizeof line, stream.get()))
    return "";
  return line;
}

int main(int count, char **arguments) {
  for (int i = 1; i < count; ++i)
    puts(firstLine(arguments[i]).c_str());
}
