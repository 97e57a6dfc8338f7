// An object on the stack whose output a thread reads.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

struct Tool {
  pid_t pid = -1;
  int from = -1;
  bool start(const std::string &command) {
    int p[2];
    if (pipe2(p, O_CLOEXEC) == -1)
      return false;
    switch (pid = fork()) {
    case -1:
      return false;
    case 0:
      dup2(p[1], 1);
      dup2(p[1], 2);
      execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
      _exit(127);
    default:
      close(p[1]);
      from = p[0];
      return true;
    }
  }
  void wait() const { waitpid(pid, nullptr, 0); } // allow: pipe-wait-before-drain
  std::size_t drain() {
    char text[2048];
    std::size_t all = 0;
    while (true) {
      ssize_t n = read(from, text, sizeof text);
      if (n <= 0)
        break;
      all += static_cast<std::size_t>(n);
    }
    close(from);
    return all;
  }
};

int main() {
  Tool tool;
  if (!tool.start("seq 1 30000"))
    return 1;
  std::size_t size = 0;
  std::thread reader([&] { size = tool.drain(); });
  tool.wait();
  reader.join();
  std::printf("%zu\n", size);
}
