// The maker of an object writes it after an atomic pointer leads others to it.
#include <atomic>
#include <thread>
struct P {
  int x;
};
std::atomic<P *> slot{nullptr};
int out;
int main() {
  std::thread t([] {
    P *p;
    while (!(p = slot.load(std::memory_order_acquire))) {
    }
    out = p->x;
  });
  P *p = new P;
  slot.store(p, std::memory_order_release);
  p->x = 42; // expect: race-unlocked-mutation
  t.join();
  return out;
}
