// The reader runs in a thread of its own while the parent waits.
#include <future>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

static std::string drain(int fd) {
  std::string text;
  char buffer[4096];
  ssize_t n;
  while ((n = read(fd, buffer, sizeof buffer)) > 0)
    text.append(buffer, static_cast<std::size_t>(n));
  close(fd);
  return text;
}

int run(const char *program, std::string &output) {
  int ends[2];
  if (pipe(ends) != 0)
    return -1;
  pid_t pid = fork();
  if (pid == 0) {
    dup2(ends[1], 1);
    close(ends[0]);
    close(ends[1]);
    execlp(program, program, nullptr);
    _exit(127);
  }
  close(ends[1]);
  std::future<std::string> text = std::async(std::launch::async, drain, ends[0]);
  int status = 0;
  waitpid(pid, &status, 0);
  output = text.get();
  return status;
}
