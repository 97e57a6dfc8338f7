#include <mutex>
#include <thread>
#include <vector>

class Journal {
public:
  void add(int entry) {
    std::lock_guard guard(lock);
    entries.push_back(entry);
  }
  void clear() { entries.clear(); } // expect: race-inconsistent-guard

private:
  std::mutex lock;
  std::vector<int> entries;
};

int main() {
  Journal journal;
  std::jthread writer([&] { journal.add(1); });
  journal.clear();
}
