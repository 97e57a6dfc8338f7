// A class around a semaphore that ends it in the destructor; one that lets three in guards nothing.
#include <semaphore.h>
#include <thread>
class Semaphore {
  sem_t S;

public:
  explicit Semaphore(unsigned n) { sem_init(&S, 0, n); }
  ~Semaphore() { sem_destroy(&S); }
  void wait() { sem_wait(&S); }
  void post() { sem_post(&S); }
};
Semaphore guard(1), pool(3), ready(0);
int total, many, handed;
void work() {
  for (int i = 0; i < 100; ++i) {
    guard.wait();
    ++total;
    guard.post();
    pool.wait();
    ++many; // expect: race-unlocked-mutation
    pool.post();
  }
}
void make() {
  handed = 4;
  ready.post();
}
int main() {
  std::thread a(work), b(work), m(make);
  ready.wait();
  handed++;
  a.join();
  b.join();
  m.join();
  return total;
}
