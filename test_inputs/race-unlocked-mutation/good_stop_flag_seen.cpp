// What a worker does once it has seen that it is to stop comes after all that the
// other thread has done by then; and so it is when a flag goes back and forth.
#include <atomic>
#include <thread>
#include <vector>

struct Samples {
  std::atomic<bool> stop{false};
  std::vector<int> values;
  std::atomic<bool> isFull{false};
  int slot = 0;
};

static void collect(Samples &samples) {
  while (!samples.stop)
    std::this_thread::yield();
  samples.values.push_back(1);
}

static void fill(Samples &samples) {
  for (int i = 0; i < 10; ++i)
    samples.values.push_back(i);
  samples.stop = true;
}

static void put(Samples &samples) {
  for (int i = 0; i < 10; ++i) {
    while (samples.isFull)
      std::this_thread::yield();
    samples.slot = i;
    samples.isFull = true;
  }
}

static void take(Samples &samples) {
  for (int i = 0; i < 10; ++i) {
    while (!samples.isFull)
      std::this_thread::yield();
    samples.slot = 0;
    samples.isFull = false;
  }
}

int main() {
  Samples samples;
  std::thread collector([&] { collect(samples); });
  std::thread filler([&] { fill(samples); });
  std::thread putter([&] { put(samples); });
  std::thread taker([&] { take(samples); });
  collector.join();
  filler.join();
  putter.join();
  taker.join();
}
