// Jobs that captured `this`: one for each object, one after the other, under a
// lock, with an element each, or after what was set before.
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <queue>
#include <string>
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
    pool_.submit([this] {
      std::lock_guard<std::mutex> guard(mutex_);
      ++hits_;
    });
  }

private:
  std::mutex mutex_;
  long hits_ = 0;
  Pool pool_{4};
};

class Download {
public:
  explicit Download(Pool &pool) : pool_(pool) {}
  void start() {
    pool_.submit([this] { body_ += "x"; });
  }

private:
  Pool &pool_;
  std::string body_;
};

class Session : public std::enable_shared_from_this<Session> {
public:
  explicit Session(Pool &pool) : pool_(pool) {}
  void step() {
    pool_.submit([this, self = shared_from_this()] {
      ++state_;
      if (state_ < 5)
        step();
      else
        finish();
    });
  }

private:
  void finish() {
    pool_.submit([this, self = shared_from_this()] { state_ = -1; });
  }
  Pool &pool_;
  int state_ = 0;
};

class Cells {
public:
  explicit Cells(int count) : cells_(count) {}
  void run() {
    for (std::size_t i = 0; i < cells_.size(); ++i)
      pool_.submit([this, i] { cells_[i] *= 2; });
  }

private:
  std::vector<double> cells_;
  Pool pool_{4};
};

class Report {
public:
  void name(std::string name) { name_ = std::move(name); }
  void run() {
    sum_ = 5;
    pool_.submit([this] {
      sum_ += 1;
      name_ += "!";
    });
  }

private:
  long sum_ = 0;
  std::string name_;
  Pool pool_{4};
};

int main() {
  Server server;
  for (int i = 0; i < 100; ++i)
    server.handle();
  std::vector<std::unique_ptr<Download>> downloads;
  Pool pool(4);
  for (int i = 0; i < 10; ++i) {
    downloads.push_back(std::make_unique<Download>(pool));
    downloads.back()->start();
  }
  for (int i = 0; i < 10; ++i)
    std::make_shared<Session>(pool)->step();
  Cells cells(10);
  cells.run();
  Report report;
  report.name("x");
  report.run();
}
