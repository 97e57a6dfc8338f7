// The reader is started with std::async(std::launch::deferred): it runs at get(),
// which comes after the wait.
// gap: a task of std::async is taken to run at once
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
  std::future<std::string> text = std::async(std::launch::deferred, drain, ends[0]);
  int status = 0;
  waitpid(pid, &status, 0); // expect: pipe-wait-before-drain
  output = text.get();
  return status;
}
