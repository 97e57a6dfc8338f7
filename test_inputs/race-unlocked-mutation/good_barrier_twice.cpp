// Two threads meet twice. What each does between the waits, and after them, the other does
// in another round.
#include <barrier>
#include <thread>

struct Grid {
  int left = 0, right = 0, sum = 0;
  std::barrier<> sync{2};
};

static void first(Grid &grid) {
  grid.left = 1;
  grid.sync.arrive_and_wait();
  grid.sum = grid.left + grid.right;
  grid.sync.arrive_and_wait();
  grid.left = grid.sum;
}

static void second(Grid &grid) {
  grid.right = 2;
  grid.sync.arrive_and_wait();
  grid.sync.arrive_and_wait();
  grid.right = grid.sum;
}

int main() {
  Grid grid;
  std::thread one(first, std::ref(grid));
  std::thread two(second, std::ref(grid));
  one.join();
  two.join();
  return grid.left + grid.right;
}
