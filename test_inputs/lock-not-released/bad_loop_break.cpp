// A lock is taken for each element and released at the end of the loop's body;
// break and continue skip that.
#include <array>
#include <mutex>

struct Cell {
  std::mutex mutex;
  int value = 0;
  bool frozen = false;
};

class Grid {
public:
  int firstNegative() {
    int index = -1;
    for (int i = 0; i < 16; ++i) {
      Cells[i].mutex.lock(); // expect: lock-not-released#first
      if (Cells[i].value < 0) {
        index = i;
        break; // expect: lock-not-released#first
      }
      Cells[i].mutex.unlock();
    }
    return index; // expect: lock-not-released#first
  }
  void decay(Cell &cell, int times) {
    while (times-- > 0) {
      cell.mutex.lock(); // expect: lock-not-released#decay // allow: lock-self-deadlock
      if (cell.frozen)
        continue; // expect: lock-not-released#decay
      cell.value /= 2;
      cell.mutex.unlock();
    }
  } // expect: lock-not-released#decay

private:
  std::array<Cell, 16> Cells;
};

int main() {
  Grid grid;
  Cell cell;
  grid.decay(cell, 3);
  return grid.firstNegative();
}
