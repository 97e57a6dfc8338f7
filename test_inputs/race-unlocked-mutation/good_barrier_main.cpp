// `main` goes through the barrier with its threads: what it sets before the first wait they
// read between the two, and it sets it again after the second.
#include <barrier>
#include <cstdio>
#include <thread>

static int table[4];
static int total;

static std::barrier gate(3);

static void worker(int number) {
  table[number] = number * 2;
  gate.arrive_and_wait();
  std::printf("%d\n", total);
  gate.arrive_and_wait();
}

int main() {
  std::thread a(worker, 0), b(worker, 1);
  total = 7;
  gate.arrive_and_wait();
  gate.arrive_and_wait();
  total = 9;
  a.join();
  b.join();
}
