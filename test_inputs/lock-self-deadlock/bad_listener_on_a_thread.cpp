// A listener that registered itself asks the model that calls it with its lock held.
#include <mutex>
#include <thread>
#include <vector>
class Observer {
public:
  virtual ~Observer() = default;
  virtual void OnChange() = 0;
};
class Model {
public:
  void Add(Observer *o) {
    std::lock_guard<std::mutex> l(lock_);
    observers_.push_back(o);
  }
  int Count() {
    std::lock_guard<std::mutex> l(lock_); // expect: lock-self-deadlock
    return count_;
  }
  void Set(int c) {
    std::lock_guard<std::mutex> l(lock_);
    count_ = c;
    for (Observer *o : observers_)
      o->OnChange();
  }

private:
  std::mutex lock_;
  int count_ = 0;
  std::vector<Observer *> observers_;
};
class View : public Observer {
public:
  explicit View(Model &m) : model_(m) { model_.Add(this); }
  void OnChange() override { shown_ = model_.Count(); }

private:
  Model &model_;
  int shown_ = 0;
};
int main() {
  Model m;
  View v(m);
  std::thread t([&] { m.Set(3); });
  t.join();
}
