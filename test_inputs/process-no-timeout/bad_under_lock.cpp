// system() under the lock of the job table, one call below the guard.
#include <cstdlib>
#include <mutex>
#include <string>

class Jobs {
public:
  int run(const std::string &command) {
    std::lock_guard<std::mutex> lock(Mutex);
    ++Count;
    return start(command);
  }
  int count() {
    std::lock_guard<std::mutex> lock(Mutex);
    return Count;
  }

private:
  int start(const std::string &command) {
    return std::system(command.c_str()); // expect: process-no-timeout, lock-blocking-call
  }
  std::mutex Mutex;
  int Count = 0;
};
