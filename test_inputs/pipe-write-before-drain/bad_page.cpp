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

static pid_t start(int &to, int &from) {
  int in[2], out[2];
  if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
    return -1;
  pid_t child = fork();
  if (child == 0) {
    dup2(in[0], 0);
    dup2(out[1], 1);
    execlp("gzip", "gzip", "-c", nullptr);
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  to = in[1];
  from = out[0];
  return child;
}

static void send(int fd, const char *data, size_t size) {
  while (size > 0) {
    ssize_t done = write(fd, data, size);
    if (done < 0)
      break;
    data += done;
    size -= static_cast<size_t>(done);
  }
  close(fd);
}

void compress(const char *text, size_t size) {
  int to = -1, from = -1;
  pid_t child = start(to, from);
  send(to, text, size); // expect: pipe-write-before-drain
  drain(from);
  waitpid(child, nullptr, 0);
}
