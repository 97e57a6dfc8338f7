// A mutex class whose methods stand elsewhere is taken twice by way of a helper.
class KernelMutex {
public:
  void Acquire();
  void Release();

private:
  void *Handle;
};

class Cache {
public:
  void add(int value) {
    Guard.Acquire();
    Sum += value;
    trim();
    Guard.Release();
  }
  void trim() {
    Guard.Acquire(); // expect: lock-self-deadlock
    Sum /= 2;
    Guard.Release();
  }

private:
  KernelMutex Guard;
  int Sum = 0;
};
