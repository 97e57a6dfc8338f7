// The caller asks for the text, then waits.
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

class Runner {
public:
  explicit Runner(const char *program) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
      std::abort();
    Pid = ::fork();
    if (Pid == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::execlp("sh", "sh", "-c", program, nullptr);
      ::_exit(127);
    }
    ::close(ends[1]);
    Output = ends[0];
  }
  ~Runner() { ::close(Output); }
  int finish() {
    int status = 0;
    ::waitpid(Pid, &status, 0); // allow: pipe-wait-before-drain
    return status;
  }
  std::string text() {
    std::string all;
    char piece[512];
    for (;;) {
      ssize_t n = ::read(Output, piece, sizeof piece);
      if (n <= 0)
        break;
      all.append(piece, static_cast<std::size_t>(n));
    }
    return all;
  }

private:
  pid_t Pid = -1;
  int Output = -1;
};

int main() {
  auto runner = std::make_unique<Runner>("seq 1 30000");
  std::string text = runner->text();
  int status = runner->finish();
  std::printf("%d %zu\n", status, text.size());
  return 0;
}
