// Each class stops its own threads, and looks at what they did after that.
#include <functional>
#include <thread>
#include <vector>

class Server {
public:
  void start() {
    thread = std::thread([this] { run(); });
  }
  void stop() {
    thread.join();
    ++served;
  }
  long result() const { return served; }

private:
  void run() { ++served; }
  long served = 0;
  std::thread thread;
};

class Pool {
public:
  void start(unsigned count) {
    counts.resize(count);
    for (unsigned i = 0; i < count; ++i)
      threads.push_back(std::thread(&Pool::work, this, i));
  }
  void stop() {
    for (auto &thread : threads)
      if (thread.joinable())
        thread.join();
    threads.clear();
    finish();
  }
  long total = 0;

private:
  void work(unsigned number) { counts[number] += total; }
  void finish() {
    for (long count : counts)
      total += count;
  }
  std::vector<std::thread> threads;
  std::vector<long> counts;
};

int main() {
  Server server;
  server.start();
  server.stop();
  Pool pool;
  pool.start(4);
  pool.stop();
  return int(server.result() + pool.total);
}
