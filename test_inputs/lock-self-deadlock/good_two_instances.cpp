// A parent's lock is held while its only child's is taken; and a unique_lock
// that is released in between before the helper locks again.
#include <memory>
#include <mutex>

class Child {
public:
  int value() {
    std::lock_guard<std::mutex> lock(Mutex);
    return Value;
  }

private:
  std::mutex Mutex;
  int Value = 1;
};

class Parent {
public:
  int value() {
    std::lock_guard<std::mutex> lock(Mutex);
    return Own + Only->value();
  }
  int refresh() {
    std::unique_lock<std::mutex> lock(Mutex);
    ++Own;
    lock.unlock();
    int sum = value();
    lock.lock();
    return Own = sum;
  }

private:
  std::mutex Mutex;
  std::unique_ptr<Child> Only = std::make_unique<Child>();
  int Own = 0;
};

int main() {
  Parent parent;
  return parent.refresh();
}
