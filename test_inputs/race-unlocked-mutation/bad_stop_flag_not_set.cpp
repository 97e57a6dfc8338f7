// A worker that goes on while nobody has told it to stop has seen nothing of what the
// thread that will tell it does.
#include <atomic>
#include <thread>
#include <vector>

struct Samples {
  std::atomic<bool> stop{false};
  std::vector<int> values;
};

static void collect(Samples &samples) {
  while (!samples.stop)
    samples.values.push_back(1); // expect: race-unlocked-mutation
}

static void fill(Samples &samples) {
  for (int i = 0; i < 10; ++i)
    samples.values.push_back(i);
  samples.stop = true;
}

int main() {
  Samples samples;
  std::thread collector([&] { collect(samples); });
  std::thread filler([&] { fill(samples); });
  collector.join();
  filler.join();
}
