// The page's bad example.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

static void drain(int fd) {
  char text[4096];
  while (read(fd, text, sizeof text) > 0) {
  }
  close(fd);
}

void count() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return;
  pid_t writer = fork();
  if (writer == 0) {
    dup2(ends[1], 1);
    execlp("ls", "ls", nullptr);
    _exit(127);
  }
  close(ends[1]);
  pid_t counter = fork();
  if (counter == 0) {
    dup2(ends[0], 0);
    execlp("wc", "wc", "-l", nullptr);
    _exit(127);
  }
  drain(ends[0]); // expect: pipe-two-readers
  waitpid(writer, nullptr, 0);
  waitpid(counter, nullptr, 0);
}
