// The page's good example.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

static void drain(int fd) {
  char text[4096];
  while (read(fd, text, sizeof text) > 0) {
  }
  close(fd);
}

static pid_t start(int &output) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return -1;
  pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], 1);
    execlp("ls", "ls", "-lR", "/", nullptr);
    _exit(127);
  }
  close(ends[1]);
  output = ends[0];
  return child;
}

void list() {
  int output = -1;
  pid_t child = start(output);
  drain(output);
  waitpid(child, nullptr, 0);
}
