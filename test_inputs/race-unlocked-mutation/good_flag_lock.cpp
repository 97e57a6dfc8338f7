// `busy` is a lock: whoever waits for it and sets it has the connection alone until
// it is cleared again. No mutex is held meanwhile.
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>
class Connection {
public:
  void send(int x) {
    begin();
    buffer.push_back(x);
    total += x;
    end();
  }
  void flush() {
    begin();
    buffer.clear();
    total = 0;
    end();
  }

private:
  void begin() {
    std::unique_lock<std::mutex> l(m);
    cv.wait(l, [this] { return !busy; });
    busy = true;
  }
  void end() {
    {
      std::lock_guard<std::mutex> l(m);
      busy = false;
    }
    cv.notify_one();
  }
  std::mutex m;
  std::condition_variable cv;
  bool busy = false;
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
  a.join();
  b.join();
}
