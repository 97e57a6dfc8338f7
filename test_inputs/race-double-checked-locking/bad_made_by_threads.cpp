#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

// Made on first use.
class Errors {
public:
  static Errors *get() {
    if (only == nullptr) { // expect: race-double-checked-locking
      std::lock_guard<std::mutex> guard(making);
      if (only == nullptr)
        only = new Errors;
    }
    return only;
  }
  void note(int code) {
    std::lock_guard<std::mutex> guard(mutex);
    codes.push_back(code);
  }

private:
  static Errors *only;
  static std::mutex making;
  std::mutex mutex;
  std::vector<int> codes;
};

Errors *Errors::only;
std::mutex Errors::making;

static void work(int code) { Errors::get()->note(code); }

int main() {
  std::thread one(work, 1), two(work, 2);
  one.join();
  two.join();
  Errors::get()->note(0);
}
