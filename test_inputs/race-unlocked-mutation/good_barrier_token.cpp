// One thread only arrives, the other one arrives and waits for the rest.
#include <barrier>
#include <thread>
#include <utility>

struct Buffer {
  int data = 0;
  int copy = 0;
};
static Buffer buffer;

static std::barrier meeting(2);

static void fill() {
  buffer.data = 42;
  (void)meeting.arrive();
}

static void drain() {
  auto token = meeting.arrive();
  meeting.wait(std::move(token));
  buffer.copy = buffer.data;
  buffer.data = 0;
}

int main() {
  std::thread a(fill), b(drain);
  a.join();
  b.join();
}
