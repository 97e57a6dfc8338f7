// Two waits in each round of two loops: one thread writes before the first of them, the
// other reads after it.
#include <barrier>
#include <thread>
#include <vector>

class Simulation {
public:
  void run() {
    std::thread mover([this] {
      for (int round = 0; round < 10; ++round) {
        Cells.push_back(round);
        Sync.arrive_and_wait();
        Sync.arrive_and_wait();
      }
    });
    std::thread watcher([this] {
      for (int round = 0; round < 10; ++round) {
        Sync.arrive_and_wait();
        Seen += Cells.back();
        Sync.arrive_and_wait();
      }
    });
    mover.join();
    watcher.join();
  }

private:
  std::vector<int> Cells;
  int Seen = 0;
  std::barrier<> Sync{2};
};

int main() {
  Simulation simulation;
  simulation.run();
}
