// Pipes as values: a pair of owned descriptors, returned, moved, and taken apart.
// gap: an owner of a descriptor that a pair takes over by moving is taken to close it
#include <cerrno>
#include <cstring>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

class UniqueFd {
public:
  UniqueFd() noexcept = default;
  explicit UniqueFd(int fd) noexcept : fd_(fd) {}
  UniqueFd(const UniqueFd &) = delete;
  UniqueFd(UniqueFd &&other) noexcept : fd_(other.release()) {}
  UniqueFd &operator=(UniqueFd &&other) noexcept {
    if (this != &other)
      reset(other.release());
    return *this;
  }
  ~UniqueFd() { reset(); }
  int get() const noexcept { return fd_; }
  int release() noexcept { return std::exchange(fd_, -1); }
  void reset(int fd = -1) noexcept {
    if (fd_ != -1)
      ::close(fd_);
    fd_ = fd;
  }
  explicit operator bool() const noexcept { return fd_ != -1; }

private:
  int fd_ = -1;
};

static std::pair<UniqueFd, UniqueFd> makePipe() {
  int fds[2];
  if (::pipe(fds) < 0)
    throw std::system_error(errno, std::generic_category(), "pipe");
  return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

struct Subprocess {
  pid_t pid = -1;
  UniqueFd output;

  static Subprocess spawn(const std::vector<std::string> &argv) {
    auto [readEnd, writeEnd] = makePipe();
    std::vector<char *> raw;
    for (const auto &word : argv)
      raw.push_back(const_cast<char *>(word.c_str()));
    raw.push_back(nullptr);
    Subprocess result;
    result.pid = ::fork();
    if (result.pid == -1)
      throw std::system_error(errno, std::generic_category(), "fork");
    if (result.pid == 0) {
      ::dup2(writeEnd.get(), STDOUT_FILENO);
      readEnd.reset();
      writeEnd.reset();
      ::execvp(raw[0], raw.data());
      ::_exit(127);
    }
    writeEnd.reset();
    result.output = std::move(readEnd);
    return result;
  }

  int wait() {
    int status = 0;
    while (::waitpid(pid, &status, 0) == -1) { // expect: pipe-wait-before-drain#value
      if (errno != EINTR)
        throw std::system_error(errno, std::generic_category(), "waitpid");
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  std::string readAll() {
    std::string text;
    char buffer[2048];
    for (;;) {
      ssize_t n = ::read(output.get(), buffer, sizeof(buffer));
      if (n == 0)
        break;
      if (n == -1) {
        if (errno == EINTR)
          continue;
        throw std::system_error(errno, std::generic_category(), "read");
      }
      text.append(buffer, static_cast<std::size_t>(n));
    }
    return text;
  }
};

std::optional<std::string> capture(const std::vector<std::string> &argv) {
  Subprocess process = Subprocess::spawn(argv);
  if (process.wait() != 0) // expect: pipe-wait-before-drain#value
    return std::nullopt;
  return process.readAll();
}

int main() { return capture({"seq", "20000"}) ? 0 : 1; }
