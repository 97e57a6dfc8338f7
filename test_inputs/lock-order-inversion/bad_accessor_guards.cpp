// Accessors return a guard together with the data (a "locked pointer").
// Statistics are read while the sessions are locked, and the report does it
// the other way round.
#include <map>
#include <mutex>
#include <string>
#include <thread>

template <typename T> class Synchronised {
public:
  class Access {
  public:
    Access(T &value, std::mutex &mutex) : Value(value), Lock(mutex) {}
    T *operator->() { return &Value; }
    T &operator*() { return Value; }

  private:
    T &Value;
    std::unique_lock<std::mutex> Lock; // expect: lock-order-inversion#report
  };
  Access access() { return Access(Value, Mutex); } // expect: lock-order-inversion#report

private:
  std::mutex Mutex;
  T Value{};
};

class Server {
public:
  void login(const std::string &user) {
    auto sessions = Sessions.access();
    ++(*sessions)[user];
    auto statistics = Statistics.access(); // expect: lock-order-inversion#report
    *statistics += 1;
  }
  int report() {
    auto statistics = Statistics.access();
    auto sessions = Sessions.access(); // expect: lock-order-inversion#report
    return *statistics * 100 + static_cast<int>(sessions->size());
  }

private:
  Synchronised<std::map<std::string, int>> Sessions;
  Synchronised<int> Statistics;
};

int main() {
  Server server;
  std::thread visitor([&] { server.login("ann"); });
  int total = server.report();
  visitor.join();
  return total > 1000;
}
