// Locked pointers again, but they live only as long as the expression that
// makes them, so no two are ever held together.
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
    std::unique_lock<std::mutex> Lock;
  };
  Access access() { return Access(Value, Mutex); }

private:
  std::mutex Mutex;
  T Value{};
};

class Server {
public:
  void login(const std::string &user) {
    ++(*Sessions.access())[user];
    *Statistics.access() += 1;
  }
  int report() {
    int logins = *Statistics.access();
    std::size_t users = Sessions.access()->size();
    return logins * 100 + static_cast<int>(users);
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
