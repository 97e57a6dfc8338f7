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

void build() {
  int errors[2];
  if (pipe2(errors, O_CLOEXEC) != 0) // expect: pipe-unread
    return;
  pid_t child = fork();
  if (child == 0) {
    dup2(errors[1], 2);
    execlp("make", "make", nullptr);
    _exit(127);
  }
  close(errors[1]);
  waitpid(child, nullptr, 0);
  close(errors[0]);
}
