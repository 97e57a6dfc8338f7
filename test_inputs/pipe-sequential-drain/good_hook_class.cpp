// A hook runner that reads output and errors as they come.
#include <array>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

class Descriptor {
public:
  Descriptor() = default;
  explicit Descriptor(int number) : Number(number) {}
  Descriptor(Descriptor &&other) noexcept : Number(std::exchange(other.Number, -1)) {}
  Descriptor &operator=(Descriptor &&other) noexcept {
    reset();
    Number = std::exchange(other.Number, -1);
    return *this;
  }
  ~Descriptor() { reset(); }
  void reset() {
    if (Number >= 0)
      ::close(Number);
    Number = -1;
  }
  int get() const { return Number; }

private:
  int Number = -1;
};

struct Channel {
  Descriptor reader, writer;
  Channel() {
    int ends[2];
    if (::pipe(ends) != 0)
      throw std::runtime_error("pipe");
    reader = Descriptor(ends[0]);
    writer = Descriptor(ends[1]);
  }
};

// Reads a and b to their ends, whichever has something.
static void slurpBoth(const Descriptor &a, std::string &textOfA, const Descriptor &b, std::string &textOfB) {
  struct pollfd waits[2] = {{a.get(), POLLIN, 0}, {b.get(), POLLIN, 0}};
  std::string *texts[2] = {&textOfA, &textOfB};
  int open = 2;
  while (open > 0) {
    if (::poll(waits, 2, -1) < 0)
      break;
    for (int i = 0; i < 2; ++i) {
      if (waits[i].fd < 0 || waits[i].revents == 0)
        continue;
      std::array<char, 4096> buffer;
      ssize_t count = ::read(waits[i].fd, buffer.data(), buffer.size());
      if (count > 0) {
        texts[i]->append(buffer.data(), static_cast<size_t>(count));
      } else {
        waits[i].fd = -1;
        --open;
      }
    }
  }
}

struct HookResult {
  int status = 0;
  std::string output, errors;
};

class HookRunner {
public:
  explicit HookRunner(std::string path) : Path(std::move(path)) {}
  HookResult run();

private:
  std::string Path;
};

HookResult HookRunner::run() {
  Channel out, err;
  const char *path = Path.c_str();
  pid_t child = ::fork();
  if (child < 0)
    throw std::runtime_error("fork");
  if (child == 0) {
    ::dup2(out.writer.get(), STDOUT_FILENO);
    ::dup2(err.writer.get(), STDERR_FILENO);
    ::close(out.reader.get());
    ::close(out.writer.get());
    ::close(err.reader.get());
    ::close(err.writer.get());
    ::execl(path, path, static_cast<char *>(nullptr));
    ::_exit(127);
  }
  out.writer.reset();
  err.writer.reset();
  HookResult result;
  slurpBoth(out.reader, result.output, err.reader, result.errors);
  ::waitpid(child, &result.status, 0);
  return result;
}

int main() { return HookRunner("/etc/hooks/update").run().status; }
