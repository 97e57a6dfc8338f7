// The same loops, where every way out of the body releases.
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
      Cells[i].mutex.lock();
      bool negative = Cells[i].value < 0;
      Cells[i].mutex.unlock();
      if (negative) {
        index = i;
        break;
      }
    }
    return index;
  }
  void decay(Cell &cell, int times) {
    while (times-- > 0) {
      std::lock_guard<std::mutex> lock(cell.mutex);
      if (cell.frozen)
        continue;
      cell.value /= 2;
    }
  }

private:
  std::array<Cell, 16> Cells;
};

int main() {
  Grid grid;
  Cell cell;
  grid.decay(cell, 3);
  return grid.firstNegative();
}
