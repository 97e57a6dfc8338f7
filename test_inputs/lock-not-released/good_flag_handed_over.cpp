// The flag is set by who starts the transfer and cleared by the thread that ends it:
// it hands something over, and nobody has to give it back.
#include <condition_variable>
#include <mutex>
#include <thread>
class Uart {
public:
  void send(int c) {
    std::unique_lock<std::mutex> l(m);
    cv.wait(l, [this] { return !busy; });
    busy = true;
    data = c;
    work = true;
    cv.notify_all();
  }
  void interrupt() {
    std::unique_lock<std::mutex> l(m);
    while (!work)
      cv.wait(l);
    work = false;
    sent += data;
    busy = false;
    cv.notify_all();
  }

private:
  std::mutex m;
  std::condition_variable cv;
  bool busy = false, work = false;
  int data = 0;
  long sent = 0;
};
int main() {
  Uart u;
  std::thread t([&] {
    for (;;)
      u.interrupt();
  });
  u.send(1);
  u.send(2);
  t.join();
}
