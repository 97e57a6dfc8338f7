// A class of the program around a condition variable; one user tests with `if`,
// the other loops.
#include <mutex>
#include <pthread.h>
#include <thread>

class Lock {
public:
  void acquire() { pthread_mutex_lock(&mutex_); }
  void release() { pthread_mutex_unlock(&mutex_); }
  pthread_mutex_t *raw() { return &mutex_; }

private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
};

class Condition {
public:
  void await(Lock &lock) { pthread_cond_wait(&condition_, lock.raw()); }
  void wake() { pthread_cond_broadcast(&condition_); }

private:
  pthread_cond_t condition_ = PTHREAD_COND_INITIALIZER;
};

class Door {
public:
  void open() {
    lock_.acquire();
    open_ = true;
    changed_.wake();
    lock_.release();
  }
  void pass() {
    lock_.acquire();
    if (!open_)
      changed_.await(lock_); // expect: condvar-no-predicate
    ++passed_;
    changed_.wake();
    lock_.release();
  }
  void awaitPassed(int count) {
    lock_.acquire();
    while (passed_ < count)
      changed_.await(lock_);
    lock_.release();
  }

private:
  Lock lock_;
  Condition changed_;
  bool open_ = false;
  int passed_ = 0;
};

int main() {
  Door door;
  std::thread visitor([&] { door.pass(); });
  door.open();
  door.awaitPassed(1);
  visitor.join();
}
