// A bare lock around code that throws on bad input, two calls below.
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

class Journal {
public:
  void append(const std::string &line) {
    Mutex.lock(); // expect: lock-not-released#append
    check(line);  // expect: lock-not-released#append
    Lines.push_back(line);
    Mutex.unlock();
  }

private:
  static void check(const std::string &line) {
    if (line.empty())
      reject("empty line");
  }
  static void reject(const char *why) { throw std::invalid_argument(why); }
  std::mutex Mutex;
  std::vector<std::string> Lines;
};

int main() {
  Journal journal;
  try {
    journal.append("");
  } catch (const std::invalid_argument &) {
    return 1;
  }
}
