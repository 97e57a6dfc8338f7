// The thread of a global object runs before `main` does, and beside all threads that
// `main` starts.
#include <condition_variable>
#include <mutex>
#include <queue>
#include <thread>

class Writer {
public:
  Writer() : thread(&Writer::run, this) {}
  ~Writer() {
    {
      std::lock_guard<std::mutex> lock(mutex);
      quits = true;
    }
    changed.notify_one();
    thread.join();
  }
  void write(int line) {
    std::lock_guard<std::mutex> lock(mutex);
    lines.push(line);
    changed.notify_one();
  }
  long count() const { return written; }

private:
  void run() {
    std::unique_lock<std::mutex> lock(mutex);
    while (!quits) {
      changed.wait(lock, [this] { return quits || !lines.empty(); });
      std::queue<int> batch;
      batch.swap(lines);
      lock.unlock();
      for (; !batch.empty(); batch.pop())
        ++written; // expect: race-unlocked-mutation
      lock.lock();
    }
  }
  std::mutex mutex;
  std::condition_variable changed;
  std::queue<int> lines;
  bool quits = false;
  long written = 0;
  std::thread thread;
};

static Writer writer;

static void client() {
  for (int i = 0; writer.count() < 100; ++i)
    writer.write(i);
}

int main() {
  std::thread first(client), second(client);
  first.join();
  second.join();
  return 0;
}
