// Both threads change the number after they have met.
#include <barrier>
#include <thread>

static int total;

static std::barrier gate(2);

static void one() {
  gate.arrive_and_wait();
  total += 1; // expect: race-unlocked-mutation
}

static void two() {
  gate.arrive_and_wait();
  total += 2;
}

int main() {
  std::thread a(one), b(two);
  a.join();
  b.join();
  return total;
}
