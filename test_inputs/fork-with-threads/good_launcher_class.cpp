// A launcher used while a heartbeat thread runs: the parent builds all that the
// child needs before it forks.
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
    std::vector<std::string> settings;
    for (const auto &[name, value] : environment)
      settings.push_back(name + '=' + value);
    std::vector<char *> variables;
    for (auto &setting : settings)
      variables.push_back(setting.data());
    variables.push_back(nullptr);
    char *arguments[] = {const_cast<char *>(program.c_str()), nullptr};
    pid_t pid = fork();
    if (pid == 0) {
      execve(arguments[0], arguments, variables.data());
      _exit(127);
    }
    int status = -1;
    if (pid > 0)
      waitpid(pid, &status, 0); // allow: process-no-timeout
    return status;
  }
};

int main() {
  Heartbeat heart;
  return Launcher().run("/usr/bin/backup", {{"LANG", "C"}});
}
