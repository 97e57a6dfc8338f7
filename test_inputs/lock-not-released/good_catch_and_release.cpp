// Bare locks around code that throws: once the exception is caught inside and
// the lock released, once a guard does it, once the check comes first.
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

class Journal {
public:
  void append(const std::string &line) {
    Mutex.lock();
    try {
      check(line);
      Lines.push_back(line);
    } catch (...) {
      Mutex.unlock();
      throw;
    }
    Mutex.unlock();
  }
  void prepend(const std::string &line) {
    std::lock_guard<std::mutex> lock(Mutex);
    check(line);
    Lines.insert(Lines.begin(), line);
  }
  void replace(const std::string &line) {
    check(line);
    Mutex.lock();
    Lines.assign(1, line);
    Mutex.unlock();
  }

private:
  static void check(const std::string &line) {
    if (line.empty())
      throw std::invalid_argument("empty line");
  }
  std::mutex Mutex;
  std::vector<std::string> Lines;
};

int main() {
  Journal journal;
  journal.append("a");
  journal.prepend("b");
  journal.replace("c");
}
