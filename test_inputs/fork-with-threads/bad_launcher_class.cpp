// A launcher used while a heartbeat thread runs: the child builds its environment
// with allocating calls before it execs.
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

class Heartbeat {
public:
  Heartbeat() : Thread([this] {
    while (!Stop) {
      std::string line = "alive";
      std::clog << line << std::endl;
      std::this_thread::sleep_for(std::chrono::seconds(1));
    }
  }) {}
  ~Heartbeat() {
    Stop = true;
    Thread.join();
  }

private:
  std::atomic<bool> Stop{false};
  std::thread Thread;
};

class Launcher {
public:
  int run(const std::string &program, const std::map<std::string, std::string> &environment) {
    pid_t pid = fork(); // expect: fork-with-threads#launch
    if (pid == 0) {
      for (const auto &[name, value] : environment)
        setenv(name.c_str(), value.c_str(), 1);     // expect: fork-with-threads#launch
      std::vector<std::string> words{program};      // allow: fork-with-threads
      std::vector<char *> arguments;                // allow: fork-with-threads
      for (auto &word : words)
        arguments.push_back(word.data()); // allow: fork-with-threads
      arguments.push_back(nullptr);       // allow: fork-with-threads
      execvp(arguments[0], arguments.data());
      _exit(127);
    }
    int status = -1;
    if (pid > 0)
      waitpid(pid, &status, 0); // expect: process-no-timeout
    return status;
  }
};

int main() {
  Heartbeat heart;
  return Launcher().run("/usr/bin/backup", {{"LANG", "C"}});
}
