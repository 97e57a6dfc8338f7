// The hook's only override is in this program, in a class that nobody can
// derive from, and takes no lock.
#include <mutex>

namespace {
class Filter {
public:
  virtual ~Filter() = default;
  virtual int apply(int value) = 0;
};

class Halve final : public Filter {
public:
  int apply(int value) override { return value / 2; }
};

class Chain {
public:
  explicit Chain(Filter &filter) : Only(filter) {}
  int run(int value) {
    std::lock_guard<std::mutex> lock(Mutex);
    return Last = Only.apply(value);
  }

private:
  std::mutex Mutex;
  Filter &Only;
  int Last = 0;
};
} // namespace

int main() {
  Halve halve;
  Chain chain(halve);
  return chain.run(4);
}
