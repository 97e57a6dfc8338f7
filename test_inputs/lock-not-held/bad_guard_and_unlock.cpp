// Someone added an early unlock() to a function whose guard unlocks anyway.
#include <mutex>
#include <vector>

class Outbox {
public:
  void send(int message) {
    std::lock_guard<std::mutex> lock(Mutex); // expect: lock-not-held#send
    Messages.push_back(message);
    Mutex.unlock(); // expect: lock-not-held#send
    ++Sent;
  } // expect: lock-not-held#send
  int sent() {
    std::lock_guard<std::mutex> lock(Mutex);
    return Sent;
  }

private:
  std::mutex Mutex;
  std::vector<int> Messages;
  int Sent = 0;
};

int main() {
  Outbox outbox;
  outbox.send(1);
  return outbox.sent();
}
