#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

// Each element has one thread: by halves, by rounds, by number, by a slice that the
// starter cut, or by a number taken from a counter that moves on.
static int halves[20], rounds[100], numbers[100], slices[1000], taken[100], locked[100];
static std::atomic<int> next{0};
static std::mutex lock;
static int nextLocked;

static void fill(int *from, int count) {
  for (int i = 0; i < count; ++i)
    from[i] = i;
}

static void everyFourth(int start) {
  for (int i = start; i < 100; i += 4)
    rounds[i] = i;
}

static void ownNumbers(int me, int count) {
  for (int i = 0; i < 100; ++i)
    if (i % count == me)
      numbers[i]++;
}

struct Slice {
  int from, to;
};

static void slice(const Slice *mine) {
  for (int i = mine->from; i < mine->to; ++i)
    slices[i] *= 2;
}

static void takeAtomic() {
  for (int i = next++; i < 100; i = next++)
    taken[i]++;
}

static int take() {
  std::lock_guard<std::mutex> guard(lock);
  return nextLocked++;
}

static void takeLocked() {
  for (;;) {
    int i = take();
    if (i >= 100)
      return;
    locked[i]++;
  }
}

int main() {
  std::thread low(fill, halves, 10), high(fill, halves + 10, 10);
  low.join();
  high.join();
  std::vector<std::thread> threads;
  Slice parts[4];
  for (int i = 0; i < 4; ++i) {
    parts[i] = {i * 250, i * 250 + 250};
    threads.emplace_back(everyFourth, i);
    threads.emplace_back(ownNumbers, i, 4);
    threads.emplace_back(slice, &parts[i]);
    threads.emplace_back(takeAtomic);
    threads.emplace_back(takeLocked);
  }
  for (std::thread &thread : threads)
    thread.join();
}
