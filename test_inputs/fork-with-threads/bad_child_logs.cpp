// The child's work is in a method that takes the logger's lock.
#include <mutex>
#include <string>
#include <sys/types.h>
#include <thread>
#include <unistd.h>
#include <vector>

class Logger {
public:
  void add(const char *line) {
    std::lock_guard<std::mutex> lock(Mutex); // expect: fork-with-threads#log
    Lines.emplace_back(line);
  }

private:
  std::mutex Mutex;
  std::vector<std::string> Lines;
};

static Logger logger;

[[noreturn]] static void becomeTool(const char *tool) {
  logger.add(tool); // expect: fork-with-threads#log
  execlp(tool, tool, nullptr);
  _exit(127);
}

static pid_t start(const char *tool) {
  pid_t pid = fork(); // expect: fork-with-threads#log
  if (pid == 0)
    becomeTool(tool); // expect: fork-with-threads#log
  return pid;
}

int main() {
  std::jthread worker([] { logger.add("working"); });
  return start("true") < 0;
}
