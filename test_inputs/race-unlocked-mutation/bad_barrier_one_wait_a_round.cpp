// One wait in each round of two loops: one thread is in its next round while the other
// reads.
#include <barrier>
#include <thread>
#include <vector>

static std::vector<int> cells(8);
static int seen;

static std::barrier meeting(2);

int main() {
  std::thread mover([] {
    for (int round = 0; round < 10; ++round) {
      cells.push_back(round); // expect: race-unlocked-mutation
      meeting.arrive_and_wait();
    }
  });
  std::thread watcher([] {
    for (int round = 0; round < 10; ++round) {
      meeting.arrive_and_wait();
      seen += cells.front();
    }
  });
  mover.join();
  watcher.join();
}
