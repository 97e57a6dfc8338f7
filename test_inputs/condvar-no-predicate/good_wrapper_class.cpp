// A function that only waits, whose every caller loops around it, through one
// further call; and an event class that keeps its own flag.
#include <condition_variable>
#include <mutex>
#include <thread>

class Event {
public:
  void set() {
    std::lock_guard<std::mutex> lock(mutex_);
    set_ = true;
    changed_.notify_all();
  }
  void await() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return set_; });
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool set_ = false;
};

class Pipeline {
public:
  void advance() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      ++stage_;
    }
    changed_.notify_all();
  }
  void awaitStage(int stage) {
    while (current() < stage)
      pause();
  }

private:
  int current() {
    std::lock_guard<std::mutex> lock(mutex_);
    return stage_;
  }
  void pause() { doPause(std::unique_lock<std::mutex>(mutex_)); }
  void doPause(std::unique_lock<std::mutex> lock) { changed_.wait(lock); }

  std::mutex mutex_;
  std::condition_variable changed_;
  int stage_ = 0;
};

int main() {
  Event event;
  Pipeline pipeline;
  std::thread thread([&] {
    event.await();
    pipeline.advance();
  });
  event.set();
  pipeline.awaitStage(1);
  thread.join();
}
