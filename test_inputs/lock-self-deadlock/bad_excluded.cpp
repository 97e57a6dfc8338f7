// The function that takes the lock has no body here; its declaration says that
// the lock must not be held.
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
    notify(letter); // expect: lock-self-deadlock
    mu.Unlock();
  }
  void again() {
    mu.Lock();
    mu.Lock(); // expect: lock-self-deadlock
    mu.Unlock();
  }

private:
  void notify(int letter) EXCLUDES(mu);
  Mutex mu;
  int letters = 0;
};

void deliver(Mailbox &box) { box.deliver(1); }
void again(Mailbox &box) { box.again(); }
