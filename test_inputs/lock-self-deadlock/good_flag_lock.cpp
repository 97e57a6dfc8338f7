// A turn ends before the next begins.
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
class Store {
public:
  class Turn {
  public:
    explicit Turn(Store &s) : s(s) { s.enter(); }
    ~Turn() { s.leave(); }

  private:
    Store &s;
  };
  void put(const std::string &v) {
    {
      Turn t(*this);
      text += v;
    }
    compact();
  }
  void compact() {
    Turn t(*this);
    text.shrink_to_fit();
  }

private:
  void enter() {
    std::unique_lock<std::mutex> l(m);
    while (busy)
      cv.wait(l);
    busy = true;
  }
  void leave() {
    std::unique_lock<std::mutex> l(m);
    busy = false;
    l.unlock();
    cv.notify_one();
  }
  std::mutex m;
  std::condition_variable cv;
  bool busy = false;
  std::string text;
};
int main() {
  Store s;
  std::thread a([&] { s.put("x"); });
  s.compact();
  a.join();
}
