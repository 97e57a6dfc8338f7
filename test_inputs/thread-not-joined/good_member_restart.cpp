// The same with a stop before the second start; threads in a member container;
// a member that is detached at once; jthread members.
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

class Player {
public:
  ~Player() { stop(); }
  void start() {
    stop();
    running_ = true;
    thread_ = std::thread([this] { play(); });
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

class Crew {
public:
  explicit Crew(int size) {
    for (int i = 0; i < size; ++i)
      threads_.emplace_back([this] { ++done_; });
  }
  ~Crew() {
    for (auto &thread : threads_)
      thread.join();
  }

private:
  std::atomic<int> done_{0};
  std::vector<std::thread> threads_;
};

class Beacon {
public:
  void start() {
    thread_ = std::thread([] {});
    thread_.detach();
  }

private:
  std::thread thread_;
};

class Polite {
public:
  void start() { thread_ = std::jthread([] {}); }

private:
  std::jthread thread_;
};

int main() {
  Player player;
  player.start();
  player.start();
  Crew crew(3);
  Beacon beacon;
  beacon.start();
  auto polite = std::make_unique<Polite>();
  polite->start();
  polite->start();
}
