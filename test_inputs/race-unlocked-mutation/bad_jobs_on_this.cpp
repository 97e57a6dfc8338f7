// Jobs of a pool change members of the object that made them: the same job twice,
// two jobs of one object, a job and whoever made it.
#include <condition_variable>
#include <functional>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

class Pool {
public:
  explicit Pool(int size) {
    for (int i = 0; i < size; ++i)
      workers_.emplace_back([this] { loop(); });
  }
  ~Pool() {
    {
      std::lock_guard<std::mutex> guard(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    for (auto &worker : workers_)
      worker.join();
  }
  void submit(std::function<void()> job) {
    {
      std::lock_guard<std::mutex> guard(mutex_);
      jobs_.push(std::move(job));
    }
    wake_.notify_one();
  }

private:
  void loop() {
    for (;;) {
      std::function<void()> job;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        wake_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
        if (jobs_.empty())
          return;
        job = std::move(jobs_.front());
        jobs_.pop();
      }
      job();
    }
  }
  std::vector<std::thread> workers_;
  std::queue<std::function<void()>> jobs_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
};

class Server {
public:
  void handle() {
    pool_.submit([this] { ++hits_; }); // expect: race-unlocked-mutation
  }

private:
  long hits_ = 0;
  Pool pool_{4};
};

struct Totals {
  long bytes = 0;
  void add(long count) { bytes += count; } // expect: race-unlocked-mutation
};

class Connection {
public:
  explicit Connection(Pool &pool) : pool_(pool) {}
  void go() {
    pool_.submit([this] { totals_.add(10); });
    pool_.submit([this] { totals_.add(20); });
  }

private:
  Pool &pool_;
  Totals totals_;
};

class Sum {
public:
  void run() {
    pool_.submit([this] {
      for (int i = 0; i < 10; ++i)
        sum_ += i; // expect: race-unlocked-mutation
    });
  }
  long sum() const { return sum_; }

private:
  long sum_ = 0;
  Pool pool_{1};
};

// Nobody here calls it.
class Index {
public:
  void search(int from, int to) {
    for (int i = from; i < to; ++i)
      pool_.submit([this, i] {
        if (i % 3 == 0)
          ++found_; // expect: race-unlocked-mutation
      });
  }

private:
  int found_ = 0;
  Pool pool_{4};
};

int main() {
  Server server;
  for (int i = 0; i < 100; ++i)
    server.handle();
  Pool pool(4);
  Connection connection(pool);
  connection.go();
  Sum sum;
  sum.run();
  return sum.sum() > 3;
}
