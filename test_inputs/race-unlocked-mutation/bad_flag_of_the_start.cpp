// `started` is set once and for all: who waits for it does not own the connection,
// and two threads change it at a time.
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>
class Connection {
public:
  void send(int x) {
    waitForStart();
    buffer.push_back(x); // expect: race-unlocked-mutation
    total += x;          // expect: race-unlocked-mutation
  }
  void flush() {
    waitForStart();
    buffer.clear();
    total = 0;
  }
  void start() {
    {
      std::lock_guard<std::mutex> l(m);
      started = true;
    }
    cv.notify_all();
  }

private:
  void waitForStart() {
    std::unique_lock<std::mutex> l(m);
    cv.wait(l, [this] { return started; });
  }
  std::mutex m;
  std::condition_variable cv;
  bool started = false;
  std::vector<int> buffer;
  long total = 0;
};
int main() {
  Connection c;
  std::thread a([&] {
    for (int i = 0; i < 10; ++i)
      c.send(i);
  });
  std::thread b([&] {
    for (int i = 0; i < 10; ++i)
      c.flush();
  });
  c.start();
  a.join();
  b.join();
}
