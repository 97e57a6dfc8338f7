#include <thread>

struct Table {
  int rows[8] = {1, 2, 3};
};

Table *get() {
  static Table table;
  return &table;
}

int main() {
  std::jthread one([] { get()->rows[0]; }), two([] { get()->rows[0]; });
}
