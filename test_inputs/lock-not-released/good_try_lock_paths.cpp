// try_lock that fails holds nothing; timed and deferred guards release what
// they own.
#include <chrono>
#include <mutex>

class Gauge {
public:
  bool poll(int &out) {
    if (!Mutex.try_lock())
      return false;
    out = Value;
    Mutex.unlock();
    return true;
  }
  bool update(int value) {
    std::unique_lock<std::timed_mutex> lock(Timed, std::defer_lock);
    if (!lock.try_lock_for(std::chrono::milliseconds(2)))
      return false;
    if (value < 0)
      return false;
    Value = value;
    return true;
  }
  bool bump() {
    bool locked = Mutex.try_lock();
    if (locked)
      ++Value;
    if (locked)
      Mutex.unlock();
    return locked;
  }

private:
  std::mutex Mutex;
  std::timed_mutex Timed;
  int Value = 0;
};

int main() {
  Gauge gauge;
  int value = 0;
  return gauge.update(2) && gauge.poll(value) && gauge.bump();
}
