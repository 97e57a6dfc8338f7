// Under the lock only functions of the standard library and of this file are
// called.
#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

class Names {
public:
  void add(std::string name) {
    std::lock_guard<std::mutex> lock(Mutex);
    List.push_back(trimmed(std::move(name)));
    std::sort(List.begin(), List.end(), [](const std::string &a, const std::string &b) { return a.size() < b.size(); });
  }

private:
  static std::string trimmed(std::string name) {
    while (!name.empty() && name.back() == ' ')
      name.pop_back();
    return name;
  }
  std::mutex Mutex;
  std::vector<std::string> List;
};
