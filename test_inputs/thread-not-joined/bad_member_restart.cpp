// A start method that may be called twice: the second time it assigns to a
// running thread. And a member that only a method starts and nothing joins.
#include <atomic>
#include <thread>

class Player {
public:
  ~Player() { stop(); }
  void start() {
    running_ = true;
    thread_ = std::thread([this] { play(); }); // expect: thread-not-joined
  }
  void stop() {
    running_ = false;
    if (thread_.joinable())
      thread_.join();
  }

private:
  void play() {
    while (running_)
      std::this_thread::yield();
  }
  std::atomic<bool> running_{false};
  std::thread thread_;
};

class Ticker {
public:
  void start() {
    thread_ = std::thread([this] { tick(); }); // expect: thread-not-joined
  }

private:
  void tick() { ++ticks_; }
  std::atomic<int> ticks_{0};
  std::thread thread_;
};

int main() {
  Player player;
  player.start();
  player.start();
  auto *ticker = new Ticker;
  ticker->start();
}
