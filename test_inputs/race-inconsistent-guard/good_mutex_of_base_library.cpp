// A mutex class whose methods stand elsewhere: every access takes it.
#include <deque>

namespace base {
class Mutex {
public:
  Mutex();
  ~Mutex();
  void Lock();
  void Unlock();

private:
  void *Handle;
};
class MutexLocker {
public:
  explicit MutexLocker(Mutex &mutex);
  ~MutexLocker();

private:
  Mutex &Locked;
};
} // namespace base

class Queue {
public:
  void push(int value) {
    base::MutexLocker lock(Mutex);
    Values.push_back(value);
    Bytes += sizeof value;
  }
  bool pop(int &value) {
    Mutex.Lock();
    if (Values.empty()) {
      Mutex.Unlock();
      return false;
    }
    value = Values.front();
    Values.pop_front();
    Bytes -= sizeof value;
    Mutex.Unlock();
    return true;
  }
  unsigned long bytes() {
    base::MutexLocker lock(Mutex);
    return Bytes;
  }

private:
  base::Mutex Mutex;
  std::deque<int> Values;
  unsigned long Bytes = 0;
};
