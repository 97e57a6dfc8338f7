// A hook runner: output first, then errors. A hook that complains at length
// fills the second pipe and never closes the first.
#include <array>
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

static std::string slurp(const Descriptor &from) {
  std::string text;
  std::array<char, 4096> buffer;
  ssize_t count;
  while ((count = ::read(from.get(), buffer.data(), buffer.size())) > 0) // expect: pipe-sequential-drain#hook
    text.append(buffer.data(), static_cast<size_t>(count));
  return text;
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
    ::execl("/bin/sh", "sh", "-c", path, static_cast<char *>(nullptr));
    ::_exit(127);
  }
  out.writer.reset();
  err.writer.reset();
  HookResult result;
  result.output = slurp(out.reader); // expect: pipe-sequential-drain#hook
  result.errors = slurp(err.reader);
  ::waitpid(child, &result.status, 0);
  return result;
}

int main() { return HookRunner("seq 20000 1>&2").run().status; }
