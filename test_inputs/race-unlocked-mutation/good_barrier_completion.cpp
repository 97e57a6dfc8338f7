// The completion function runs while all threads of the barrier wait.
#include <barrier>
#include <thread>

static int rounds;
static int best;

static void finishRound() noexcept {
  ++rounds;
  best = rounds * 2;
}

static std::barrier<void (*)() noexcept> meeting(2, finishRound);
static int seen[2];

int main() {
  std::thread a([] {
    for (int i = 0; i < 3; ++i) {
      seen[0] = best;
      meeting.arrive_and_wait();
    }
  });
  std::thread b([] {
    for (int i = 0; i < 3; ++i) {
      meeting.arrive_and_wait();
      seen[1] = best;
    }
  });
  a.join();
  b.join();
  return rounds;
}
