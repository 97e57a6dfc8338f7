// Two maps of children: those of one are waited for, those of the other are not.
#include <map>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

class Servers {
public:
  void add(const std::string &name) {
    pid_t child = fork();
    if (child == 0) {
      execlp(name.c_str(), name.c_str(), nullptr);
      _exit(127);
    }
    Waited[name] = child;
  }
  void addLogger(const std::string &name) {
    pid_t child = fork(); // expect: process-not-reaped
    if (child == 0) {
      execlp(name.c_str(), name.c_str(), nullptr);
      _exit(127);
    }
    Loggers[name] = child;
  }
  void stopAll() {
    for (auto &[name, child] : Waited)
      waitpid(child, nullptr, 0); // allow: process-no-timeout
    Loggers.clear();
  }

private:
  std::map<std::string, pid_t> Waited, Loggers;
};

int main() {
  Servers servers;
  servers.add("true");
  servers.addLogger("true");
  servers.stopAll();
  for (;;)
    pause();
}
