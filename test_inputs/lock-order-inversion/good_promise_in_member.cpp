// A promise in a member is awaited without the lock that its giver needs.
#include <future>
#include <mutex>
#include <thread>

class Connection {
public:
  void noteOpened() {
    {
      std::lock_guard<std::mutex> lock(Mutex);
      Open = true;
    }
    Ready.set_value(true);
  }
  bool open() {
    std::future<bool> opened;
    {
      std::lock_guard<std::mutex> lock(Mutex);
      opened = Ready.get_future();
    }
    return opened.get();
  }

private:
  std::mutex Mutex;
  std::promise<bool> Ready;
  bool Open = false;
};

int main() {
  Connection connection;
  std::jthread opener([&] { connection.noteOpened(); });
  return connection.open();
}
