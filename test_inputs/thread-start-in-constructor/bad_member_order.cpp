// The thread is declared before the mutex and the queue that it uses.
#include <condition_variable>
#include <mutex>
#include <queue>
#include <thread>

class Writer {
public:
  Writer() : thread_(&Writer::run, this) {} // expect: thread-start-in-constructor
  ~Writer() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      stop_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }
  void add(int line) {
    std::lock_guard<std::mutex> lock(mutex_);
    lines_.push(line);
    changed_.notify_one();
  }

private:
  void run() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!stop_) {
      changed_.wait(lock, [this] { return stop_ || !lines_.empty(); });
      while (!lines_.empty())
        lines_.pop();
    }
  }
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::queue<int> lines_;
  bool stop_ = false;
};

int main() {
  Writer writer;
  writer.add(1);
}
