// An exchange that asks whether something was done before keeps nobody out.
#include <atomic>
#include <thread>

std::atomic<bool> touched{false};
int count;

void work() {
  if (!touched.exchange(true))
    std::this_thread::yield();
  ++count; // expect: race-unlocked-mutation
}

void reset() { touched = false; }

int main() {
  reset();
  std::thread one(work), two(work);
  one.join();
  two.join();
}
