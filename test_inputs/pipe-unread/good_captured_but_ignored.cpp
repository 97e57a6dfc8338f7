// The output is captured and thrown away as it comes.
#include <cerrno>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace {

struct Pipe {
  int fds[2]{-1, -1};
  bool open() { return ::pipe(fds) == 0; }
  void closeRead() { closeOne(0); }
  void closeWrite() { closeOne(1); }
  ~Pipe() {
    closeRead();
    closeWrite();
  }

private:
  void closeOne(int which) {
    if (fds[which] >= 0)
      ::close(fds[which]);
    fds[which] = -1;
  }
};

} // namespace

bool succeedsQuietly(const std::string &command) {
  Pipe quiet;
  if (!quiet.open())
    return false;
  pid_t child = ::fork();
  if (child < 0)
    return false;
  if (child == 0) {
    ::dup2(quiet.fds[1], 1);
    ::dup2(quiet.fds[1], 2);
    quiet.closeRead();
    quiet.closeWrite();
    ::execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char *>(nullptr));
    ::_exit(127);
  }
  quiet.closeWrite();
  char buffer[1024];
  ssize_t n;
  do {
    n = ::read(quiet.fds[0], buffer, sizeof buffer);
  } while (n > 0 || (n < 0 && errno == EINTR));
  int status = 0;
  pid_t done;
  do {
    done = ::waitpid(child, &status, 0);
  } while (done == -1 && errno == EINTR);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
