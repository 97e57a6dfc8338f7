// Semaphores that count, or that one thread waits for and another one posts, are
// no locks.
#include <semaphore>
#include <thread>

std::counting_semaphore<4> left{4}, right{4};
std::binary_semaphore asked{0}, answered{0};
int total;

void one() {
  left.acquire();
  right.acquire();
  right.release();
  left.release();
  asked.release();
  answered.acquire();
  ++total;
}

void other() {
  right.acquire();
  left.acquire();
  left.release();
  right.release();
  asked.acquire();
  ++total;
  answered.release();
}

int main() {
  std::thread first(one), second(other);
  first.join();
  second.join();
}
