#include <mutex>
#include <string>
#include <thread>
#include <vector>

class Names {
public:
  bool add(const std::string &name) {
    {
      std::lock_guard guard(lock);
      if (count >= 10)
        return false;
    }
    std::lock_guard guard(lock);
    ++count; // expect: race-check-then-act
    return true;
  }

private:
  std::mutex lock;
  int count = 0;
};

int main() {
  Names names;
  std::jthread one([&] { names.add("a"); }), two([&] { names.add("b"); });
}
