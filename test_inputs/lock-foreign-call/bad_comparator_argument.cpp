// A function that the caller passes in is called under the lock of a library
// class.
#include <functional>
#include <map>
#include <mutex>
#include <string>

class Registry {
public:
  void update(const std::string &key, const std::function<int(int)> &change) {
    std::unique_lock<std::mutex> lock(Mutex);
    Values[key] = change(Values[key]); // expect: lock-foreign-call
  }

private:
  std::mutex Mutex;
  std::map<std::string, int> Values;
};
