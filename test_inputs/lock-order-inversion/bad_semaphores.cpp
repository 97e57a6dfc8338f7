// Two semaphores that start at one, taken in two orders.
#include <semaphore>
#include <thread>

std::binary_semaphore left{1};
std::counting_semaphore<4> right{1};
int total;

void one() {
  left.acquire();
  right.acquire(); // expect: lock-order-inversion
  ++total;
  right.release();
  left.release();
}

void other() {
  right.acquire();
  left.acquire();
  ++total;
  left.release();
  right.release();
}

int main() {
  std::thread first(one), second(other);
  first.join();
  second.join();
}
