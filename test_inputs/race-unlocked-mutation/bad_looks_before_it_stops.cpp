// A class stops its own thread, and has looked at what it does before.
#include <thread>
#include <vector>

class Server {
public:
  void start() {
    thread = std::thread([this] { run(); });
  }
  void stop() {
    ++served;
    thread.join();
  }

private:
  void run() {
    ++served; // expect: race-unlocked-mutation
  }
  long served = 0;
  std::thread thread;
};

class Pool {
public:
  void start(unsigned count) {
    for (unsigned i = 0; i < count; ++i)
      threads.emplace_back(&Pool::work, this);
  }
  void stop() {
    for (auto &thread : threads)
      thread.join();
    ++total;
  }

private:
  void work() {
    ++total; // expect: race-unlocked-mutation
  }
  std::vector<std::thread> threads;
  long total = 0;
};

int main() {
  Server server;
  server.start();
  server.stop();
  Pool pool;
  pool.start(4);
  pool.stop();
  return 0;
}
