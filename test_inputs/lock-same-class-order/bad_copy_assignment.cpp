// A copyable class that locks both sides in its assignment operator.
#include <mutex>
#include <string>
#include <thread>

class Settings {
public:
  Settings() = default;
  Settings &operator=(const Settings &other) {
    if (this == &other)
      return *this;
    std::lock_guard<std::mutex> mine(Mutex);
    std::lock_guard<std::mutex> theirs(other.Mutex); // expect: lock-same-class-order // allow: lock-order-inversion
    Theme = other.Theme;
    return *this;
  }
  void setTheme(std::string theme) {
    std::lock_guard<std::mutex> lock(Mutex);
    Theme = std::move(theme);
  }

private:
  mutable std::mutex Mutex;
  std::string Theme;
};

int main() {
  Settings a, b;
  std::thread import([&] { a = b; });
  b = a;
  import.join();
}
