#include <mutex>
#include <thread>

struct Table {
  int rows[8] = {1, 2, 3};
};
std::mutex lock;
Table *table;

Table *get() {
  if (!table) { // expect: race-double-checked-locking
    std::lock_guard guard(lock);
    if (!table)
      table = new Table;
  }
  return table;
}

int main() {
  std::jthread one([] { get()->rows[0]; }), two([] { get()->rows[0]; });
}
