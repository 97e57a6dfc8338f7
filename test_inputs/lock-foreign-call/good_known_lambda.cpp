// The function object that is called under the lock is a lambda of this very
// program that touches nothing but its argument.
#include <functional>
#include <mutex>

namespace {
class Cell {
public:
  void change(const std::function<int(int)> &by) {
    std::lock_guard<std::mutex> lock(Mutex);
    Value = by(Value);
  }
  int value() {
    std::lock_guard<std::mutex> lock(Mutex);
    return Value;
  }

private:
  std::mutex Mutex;
  int Value = 1;
};
} // namespace

int main() {
  Cell cell;
  cell.change([](int old) { return old + 1; });
  cell.change([](int old) { return old * 2; });
  return cell.value();
}
