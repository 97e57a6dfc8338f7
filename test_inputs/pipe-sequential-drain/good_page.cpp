// The page's good example.
#include <fcntl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

static void drain(int fd) {
  char text[4096];
  while (read(fd, text, sizeof text) > 0) {
  }
  close(fd);
}

struct Child {
  pid_t pid = -1;
  int output = -1, errors = -1;
};

static Child start() {
  Child child;
  int out[2], err[2];
  if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0)
    return child;
  child.pid = fork();
  if (child.pid == 0) {
    dup2(out[1], 1);
    dup2(err[1], 2);
    execlp("make", "make", nullptr);
    _exit(127);
  }
  close(out[1]);
  close(err[1]);
  child.output = out[0];
  child.errors = err[0];
  return child;
}

void build() {
  Child child = start();
  std::thread reader(drain, child.errors);
  drain(child.output);
  reader.join();
  waitpid(child.pid, nullptr, 0);
}
