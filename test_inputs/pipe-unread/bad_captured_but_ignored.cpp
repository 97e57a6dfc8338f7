// The output is captured so that it does not clutter the terminal, and then not
// looked at: a talkative child fills the pipe.
#include <cerrno>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace {

struct Pipe {
  int fds[2]{-1, -1};
  bool open() { return ::pipe(fds) == 0; } // expect: pipe-unread#quiet
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
  if (!quiet.open()) // expect: pipe-unread#quiet
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
  int status = 0;
  pid_t done;
  do {
    done = ::waitpid(child, &status, 0); // expect: pipe-unread#quiet
  } while (done == -1 && errno == EINTR);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
