// An atomic flag does not keep threads of one kind apart that somebody else clears, or
// that is looked at and set in two steps; nor one that `main` clears before it goes on.
#include <atomic>
#include <mutex>
#include <thread>

static std::atomic<bool> isCleaning;
static std::atomic<bool> isFlushing;
static int cleaned, flushed, served;

static void clean() {
  cleaned++; // expect: race-unlocked-mutation
  isCleaning.store(false);
}

static void flush() {
  flushed++; // expect: race-unlocked-mutation
  isFlushing.store(false);
}

static std::mutex lock;
static bool isServing;
static bool isServed() {
  std::lock_guard<std::mutex> guard(lock);
  return isServing;
}

static void serve() {
  while (isServed())
    served++; // expect: race-unlocked-mutation
}

static void startServer() {
  std::lock_guard<std::mutex> guard(lock);
  if (!isServing) {
    isServing = true;
    std::thread(serve).detach();
  }
}

static void work() {
  if (!isCleaning.exchange(true))
    std::thread(clean).detach();
  isCleaning.store(false); // expect: race-split-atomic
  if (!isFlushing.load()) {
    isFlushing.store(true); // expect: race-split-atomic
    std::thread(flush).detach();
  }
  startServer();
}

static void shutDown() {
  std::lock_guard<std::mutex> guard(lock);
  isServing = false;
}

int main() {
  std::thread workers[2];
  for (std::thread &worker : workers)
    worker = std::thread(work);
  for (int i = 0; i < 3; ++i) {
    startServer();
    shutDown();
  }
  for (std::thread &worker : workers)
    worker.join();
}
