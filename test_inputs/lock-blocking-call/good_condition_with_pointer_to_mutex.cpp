// A condition variable's class keeps a pointer to the mutex that it is used
// with; its wait releases that mutex under this other name.
#include <condition_variable>
#include <mutex>
#include <queue>
#include <thread>

class Mutex {
public:
  void Lock() { mu_.lock(); }
  void Unlock() { mu_.unlock(); }

private:
  friend class CondVar;
  std::mutex mu_;
};

class CondVar {
public:
  explicit CondVar(Mutex *mu) : mu_(mu) {}
  void Wait() {
    std::unique_lock<std::mutex> lock(mu_->mu_, std::adopt_lock);
    cv_.wait(lock);
    lock.release();
  }
  void Signal() { cv_.notify_one(); }

private:
  std::condition_variable cv_;
  Mutex *const mu_;
};

class Environment {
public:
  Environment() : added_(&mutex_) {}
  void add(int work) {
    mutex_.Lock();
    work_.push(work);
    added_.Signal();
    mutex_.Unlock();
  }
  int next() {
    mutex_.Lock();
    while (work_.empty())
      added_.Wait();
    int work = work_.front();
    work_.pop();
    mutex_.Unlock();
    return work;
  }

private:
  Mutex mutex_;
  CondVar added_;
  std::queue<int> work_;
};

int main() {
  Environment environment;
  std::thread worker([&] { environment.next(); });
  environment.add(3);
  worker.join();
}
