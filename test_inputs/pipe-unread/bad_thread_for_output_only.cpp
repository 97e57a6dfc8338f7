// A thread reads the output; nobody reads the error pipe.
#include <memory>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

class Encoder {
public:
  bool open(const char *preset);
  int close();
  const std::string &log() const { return Log; }

private:
  pid_t Pid = -1;
  int Output = -1, Errors = -1;
  std::string Log;
  std::thread Reader;
};

bool Encoder::open(const char *preset) {
  int out[2], err[2];
  if (pipe(out) || pipe(err)) // expect: pipe-unread#encoder
    return false;
  Pid = fork();
  if (Pid == 0) {
    dup2(out[1], 1);
    dup2(err[1], 2);
    for (int fd : {out[0], out[1], err[0], err[1]})
      ::close(fd);
    execlp("sh", "sh", "-c", preset, nullptr);
    _exit(1);
  }
  ::close(out[1]);
  ::close(err[1]);
  Output = out[0];
  Errors = err[0];
  Reader = std::thread([this] {
    char buffer[4096];
    ssize_t n;
    while ((n = read(Output, buffer, sizeof buffer)) > 0)
      Log.append(buffer, static_cast<std::size_t>(n));
  });
  return true;
}

int Encoder::close() {
  int status = 0;
  Reader.join();
  waitpid(Pid, &status, 0); // expect: pipe-unread#encoder
  ::close(Output);
  ::close(Errors);
  return status;
}

int main() {
  Encoder encoder;
  return encoder.open("seq 20000 >&2") ? encoder.close() : 1;
}
