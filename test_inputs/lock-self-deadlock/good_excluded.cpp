// The lock is given back before the function that must not be called with it; and
// two boxes have two locks.
#define CAPABILITY(name) __attribute__((capability(name)))
#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
#define EXCLUDES(...) __attribute__((locks_excluded(__VA_ARGS__)))

class CAPABILITY("mutex") Mutex {
public:
  void Lock() ACQUIRE();
  void Unlock() RELEASE();
};

class Mailbox {
public:
  void deliver(int letter) {
    mu.Lock();
    ++letters;
    mu.Unlock();
    notify(letter);
  }

private:
  void notify(int letter) EXCLUDES(mu);
  Mutex mu;
  int letters = 0;
};

void deliver(Mailbox &box) { box.deliver(1); }
