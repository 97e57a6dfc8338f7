// Nobody says that the owner of a `Lock` or of a `RecursiveMutex` may not take it again.
class Lock {
public:
  void acquire();
  void release();

private:
  void *Handle;
};
class RecursiveMutex {
public:
  void lock();
  void unlock();

private:
  void *Handle;
};

class Cache {
public:
  void add(int value) {
    Guard.acquire();
    Sum += value;
    trim();
    Guard.release();
  }
  void trim() {
    Guard.acquire();
    Sum /= 2;
    Guard.release();
  }
  void count() {
    Counting.lock();
    Count++;
    reset();
    Counting.unlock();
  }
  void reset() {
    Counting.lock();
    Count = 0;
    Counting.unlock();
  }

private:
  Lock Guard;
  RecursiveMutex Counting;
  int Sum = 0;
  int Count = 0;
};
