// A listener that is called without the lock takes itself off the list.
#include <functional>
#include <mutex>
#include <vector>
#include <thread>
class Subject {
  std::mutex m_;
  std::vector<std::pair<int, std::function<void(int)>>> observers_;
  int next_ = 0;
public:
  int subscribe(std::function<void(int)> f) {
    std::lock_guard<std::mutex> g(m_);
    observers_.emplace_back(++next_, std::move(f));
    return next_;
  }
  void unsubscribe(int id) {
    std::lock_guard<std::mutex> g(m_);
    for (auto it = observers_.begin(); it != observers_.end(); ++it)
      if (it->first == id) { observers_.erase(it); break; }
  }
  void notify(int v) {
    std::unique_lock<std::mutex> g(m_);
    auto all = observers_;
    g.unlock();
    for (auto &o : all) o.second(v);
  }
};
int main() {
  Subject s;
  int id = 0;
  id = s.subscribe([&](int v) { if (v > 3) s.unsubscribe(id); });
  s.notify(5);
}
