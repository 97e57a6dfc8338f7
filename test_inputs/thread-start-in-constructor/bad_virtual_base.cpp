// The base class starts the thread, which calls a pure virtual method.
#include <atomic>
#include <pthread.h>

class Task {
public:
  Task() {
    pthread_create(&thread_, nullptr, &Task::entry, this); // expect: thread-start-in-constructor
  }
  virtual ~Task() { pthread_join(thread_, nullptr); }

protected:
  virtual void run() = 0;

private:
  static void *entry(void *argument) {
    static_cast<Task *>(argument)->run();
    return nullptr;
  }
  pthread_t thread_;
};

class Download : public Task {
protected:
  void run() override { ++bytes_; }

private:
  std::atomic<int> bytes_{0};
};

int main() { Download download; }
