// One thread alone finds `false`, or a certain number, in an atomic: only that one writes.
#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>

class Gate {
public:
  bool tryEnter() {
    bool open = false;
    return Closed.compare_exchange_strong(open, true);
  }
  void leave() { Closed.store(false); }

private:
  std::atomic<bool> Closed{false};
};

class Meter {
public:
  void step() {
    if (!Entry.tryEnter())
      return; // somebody else does it
    ++Steps;
    Entry.leave();
  }
  int Steps = 0;

private:
  Gate Entry;
};

struct Session {
  std::atomic<int> References{2};
  int Written = 0;
  void drop() {
    if (--References == 0) {
      finish();
      delete this;
    }
  }
  void finish() { ++Written; }
};

static std::atomic<bool> Claimed{false};
static std::atomic_flag Once = ATOMIC_FLAG_INIT;
static std::atomic<int> Arrived{0}, Left{4};
static int First, Configured, Opened, Sum, Parts[4];
static Meter Shared;

static void configure(int value) { Configured = value; }

static void work(int number) {
  if (!Claimed.exchange(true))
    First = number;
  if (Arrived.fetch_add(1) == 0)
    configure(number);
  Shared.step();
  Parts[number] = number;
  if (Left.fetch_sub(1) == 1)
    for (int part : Parts)
      Sum += part;
  if (Once.test_and_set())
    return;
  Opened++;
}

int main() {
  auto *session = new Session;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(work, i);
  std::thread one([session] { session->drop(); }), other([session] { session->drop(); });
  for (std::thread &thread : threads)
    thread.join();
  one.join();
  other.join();
  std::printf("%d %d %d %d %d\n", First, Configured, Opened, Sum, Shared.Steps);
}
