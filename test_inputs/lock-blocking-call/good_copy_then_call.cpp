// What the slow call needs is copied under the lock; the result is stored
// under it again.
#include <cstdlib>
#include <map>
#include <mutex>
#include <netdb.h>
#include <string>

class Service {
public:
  int restart(const std::string &name) {
    std::string command;
    {
      std::scoped_lock lock(Mutex);
      command = Prefix + name;
    }
    int status = std::system(command.c_str()); // allow: process-no-timeout
    std::scoped_lock lock(Mutex);
    ++Restarts[name];
    return status;
  }
  bool reachable(const std::string &host) {
    std::unique_lock lock(Mutex);
    if (Restarts.count(host))
      return true;
    lock.unlock();
    addrinfo *list = nullptr;
    if (getaddrinfo(host.c_str(), "443", nullptr, &list) != 0)
      return false;
    freeaddrinfo(list);
    lock.lock();
    ++Restarts[host];
    return true;
  }

private:
  std::mutex Mutex;
  std::string Prefix = "systemctl restart ";
  std::map<std::string, int> Restarts;
};

int main() {
  Service service;
  return service.reachable("localhost") ? service.restart("demo") : 0;
}
