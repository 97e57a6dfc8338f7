// Two locks of one class: the reader's is taken, the writer's is released.
#include <mutex>

class Duplex {
public:
  int read() {
    ReadLock.lock(); // allow: lock-not-released
    int value = In;
    WriteLock.unlock(); // expect: lock-not-held#wrong
    return value;
  } // allow: lock-not-released
  void write(int value) {
    WriteLock.lock();
    Out = value;
    WriteLock.unlock();
  }

private:
  std::mutex ReadLock, WriteLock;
  int In = 0, Out = 0;
};

int main() {
  Duplex duplex;
  duplex.write(1);
  return duplex.read(); // expect: lock-not-held#wrong
}
