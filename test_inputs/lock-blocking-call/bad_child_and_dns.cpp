// Running a command and resolving a name with the service's lock held.
#include <cstdlib>
#include <map>
#include <mutex>
#include <netdb.h>
#include <string>

class Service {
public:
  int restart(const std::string &name) {
    std::scoped_lock lock(Mutex);
    std::string command = "systemctl restart " + name;
    ++Restarts[name];
    return std::system(command.c_str()); // expect: lock-blocking-call // allow: process-no-timeout
  }
  bool reachable(const std::string &host) {
    std::scoped_lock lock(Mutex);
    addrinfo *list = nullptr;
    if (getaddrinfo(host.c_str(), "443", nullptr, &list) != 0) // expect: lock-blocking-call
      return false;
    freeaddrinfo(list);
    ++Restarts[host];
    return true;
  }

private:
  std::mutex Mutex;
  std::map<std::string, int> Restarts;
};

int main() {
  Service service;
  return service.reachable("localhost") ? service.restart("demo") : 0;
}
