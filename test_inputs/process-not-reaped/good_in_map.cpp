// Children that are kept in maps and in vectors of pairs, and waited for there.
#include <map>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

static pid_t start(const std::string &name) {
  pid_t child = fork();
  if (child == 0) {
    execlp(name.c_str(), name.c_str(), nullptr);
    _exit(127);
  }
  return child;
}

class ByName {
public:
  void add(const std::string &name) { Children[name] = start(name); }
  void stop(const std::string &name) {
    auto found = Children.find(name);
    if (found == Children.end())
      return;
    pid_t child = found->second;
    Children.erase(found);
    int status;
    waitpid(child, &status, 0); // allow: process-no-timeout
  }

private:
  std::map<std::string, pid_t> Children;
};

class ByNumber {
public:
  void add(const std::string &name) { Names[start(name)] = name; }
  void stopAll() {
    for (auto &[child, name] : Names)
      waitpid(child, nullptr, 0); // allow: process-no-timeout
  }

private:
  std::map<pid_t, std::string> Names;
};

class InOrder {
public:
  void add(const std::string &name) { Children.emplace_back(name, start(name)); }
  void stopAll() {
    for (const auto &[name, child] : Children)
      waitpid(child, nullptr, 0); // allow: process-no-timeout
  }

private:
  std::vector<std::pair<std::string, pid_t>> Children;
};

int main() {
  ByName names;
  ByNumber numbers;
  InOrder order;
  names.add("true");
  names.stop("true");
  numbers.add("true");
  numbers.stopAll();
  order.add("true");
  order.stopAll();
  for (;;)
    pause();
}
