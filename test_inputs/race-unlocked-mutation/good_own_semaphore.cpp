// Semaphores of the program's own: a count under a mutex, and a library's semaphore in
// a class. One that starts at one is a lock, whether a function, a guard or a wrapper
// takes it; one that starts at zero hands over.
#include <condition_variable>
#include <mutex>
#include <queue>
#include <semaphore.h>
#include <thread>

class Semaphore {
public:
  explicit Semaphore(int count = 0) : Count(count) {}
  void acquire() {
    std::unique_lock<std::mutex> guard(Mutex);
    Changed.wait(guard, [&] { return Count > 0; });
    --Count;
  }
  bool tryAcquire() {
    std::lock_guard<std::mutex> guard(Mutex);
    if (Count == 0)
      return false;
    --Count;
    return true;
  }
  void release() {
    {
      std::lock_guard<std::mutex> guard(Mutex);
      ++Count;
    }
    Changed.notify_one();
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  int Count;
};

class SemaphoreGuard {
public:
  explicit SemaphoreGuard(Semaphore &semaphore) : Held(semaphore) { Held.acquire(); }
  ~SemaphoreGuard() { Held.release(); }

private:
  Semaphore &Held;
};

class PosixSemaphore {
public:
  explicit PosixSemaphore(unsigned count) { sem_init(&Handle, 0, count); }
  ~PosixSemaphore() { sem_destroy(&Handle); }
  void wait() { sem_wait(&Handle); }
  void post() { sem_post(&Handle); }

private:
  sem_t Handle;
};

class Account {
public:
  void add(int amount) {
    SemaphoreGuard guard(Lock);
    Balance += amount;
  }
  int balance() {
    Lock.acquire();
    int result = Balance;
    Lock.release();
    return result;
  }

private:
  Semaphore Lock{1};
  int Balance = 0;
};

Account account;
Semaphore entries, queueLock(1), done;
std::queue<int> queue;
PosixSemaphore totalLock(1);
int total, last;

void produce() {
  for (int i = 0; i < 10; ++i) {
    queueLock.acquire();
    queue.push(i);
    queueLock.release();
    entries.release();
    account.add(i);
  }
  last = account.balance();
  done.release();
}

void consume() {
  for (int i = 0; i < 10; ++i) {
    entries.acquire();
    queueLock.acquire();
    queue.pop();
    queueLock.release();
    totalLock.wait();
    ++total;
    totalLock.post();
    account.add(-1);
  }
}

int main() {
  std::thread producer(produce), first(consume), second(consume);
  done.acquire();
  ++last;
  producer.join();
  first.join();
  second.join();
  return total;
}
