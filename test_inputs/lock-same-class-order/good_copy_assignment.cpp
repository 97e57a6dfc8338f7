// The assignment copies from the other object first and then locks itself:
// the two sections follow each other.
#include <mutex>
#include <string>
#include <thread>

class Settings {
public:
  Settings() = default;
  Settings &operator=(const Settings &other) {
    if (this == &other)
      return *this;
    std::string theme;
    {
      std::lock_guard<std::mutex> theirs(other.Mutex);
      theme = other.Theme;
    }
    std::lock_guard<std::mutex> mine(Mutex);
    Theme = std::move(theme);
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
