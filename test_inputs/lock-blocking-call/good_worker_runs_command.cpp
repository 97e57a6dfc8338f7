// The worker takes a command under the lock and runs it without.
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

class CommandQueue {
public:
  CommandQueue() : Worker([this] { work(); }) {}
  ~CommandQueue() {
    {
      std::lock_guard<std::mutex> hold(Lock);
      Done = true;
    }
    Filled.notify_one();
    Worker.join();
  }
  void add(std::string command) {
    std::lock_guard<std::mutex> hold(Lock);
    Commands.push_back(std::move(command));
    Filled.notify_one();
  }

private:
  std::string takeOne() {
    std::string command = std::move(Commands.front());
    Commands.pop_front();
    return command;
  }
  void work() {
    std::unique_lock<std::mutex> hold(Lock);
    for (;;) {
      Filled.wait(hold, [this] { return Done || !Commands.empty(); });
      if (Commands.empty())
        return;
      std::string command = takeOne();
      hold.unlock();
      std::system(command.c_str()); // allow: process-no-timeout
      hold.lock();
    }
  }
  std::mutex Lock;
  std::condition_variable Filled;
  std::deque<std::string> Commands;
  bool Done = false;
  std::thread Worker;
};

int main() {
  CommandQueue queue;
  queue.add("sync");
}
