// A promise in a member is awaited under the lock that its giver needs.
#include <future>
#include <mutex>
#include <thread>

class Connection {
public:
  void noteOpened() {
    std::lock_guard<std::mutex> lock(Mutex); // expect: lock-order-inversion#1
    Open = true;
    Ready.set_value(true);
  }
  bool open() {
    std::lock_guard<std::mutex> lock(Mutex); // expect: lock-order-inversion#1
    std::future<bool> opened = Ready.get_future();
    return opened.get(); // expect: lock-order-inversion#1 // allow: lock-blocking-call
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
