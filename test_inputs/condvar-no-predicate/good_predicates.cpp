// Predicates in all forms: a lambda, a function, a bound member, a function
// object, a template that takes the predicate, and condition_variable_any.
#include <condition_variable>
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <thread>

static std::mutex mutex;
static std::condition_variable changed;
static int level;

static bool isHigh() { return level > 2; }

struct IsHigh {
  bool operator()() const { return level > 2; }
};

class Tank {
public:
  void fill() {
    {
      std::unique_lock<std::shared_mutex> lock(mutex_);
      ++level_;
    }
    changed_.notify_all();
  }
  int await() {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    changed_.wait(lock, std::bind(&Tank::isFull, this));
    return level_;
  }
  template <class Predicate> void awaitThat(Predicate predicate) {
    std::unique_lock<std::shared_mutex> lock(mutex_);
    while (!predicate())
      changed_.wait(lock);
  }
  bool isFull() const { return level_ > 0; }

private:
  std::shared_mutex mutex_;
  std::condition_variable_any changed_;
  int level_ = 0;
};

int main() {
  Tank tank;
  std::thread thread([&] {
    tank.fill();
    std::lock_guard<std::mutex> lock(mutex);
    level = 3;
    changed.notify_all();
  });
  {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, isHigh);
    changed.wait(lock, IsHigh());
    changed.wait(lock, [] { return isHigh(); });
  }
  tank.await();
  tank.awaitThat([&] { return tank.isFull(); });
  thread.join();
}
