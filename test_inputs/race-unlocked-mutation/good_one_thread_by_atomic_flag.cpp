// An atomic flag lets one thread of the kind run; it clears the flag at its end. At the
// end of the program `main` clears the flag of another one, which asks for it.
#include <atomic>
#include <mutex>
#include <thread>

static std::atomic<bool> isCleaning;
static std::atomic_flag isFlushing = ATOMIC_FLAG_INIT;
static int cleaned, flushed, served;

static void clean() {
  cleaned++;
  isCleaning.store(false);
}

static void flush() {
  flushed++;
  isFlushing.clear();
}

static std::mutex lock;
static bool isServing;
static bool isServed() {
  std::lock_guard<std::mutex> guard(lock);
  return isServing;
}

static void serve() {
  while (isServed())
    served++;
}

static void work() {
  if (!isCleaning.exchange(true))
    std::thread(clean).detach();
  if (!isFlushing.test_and_set())
    std::thread(flush).detach();
  std::lock_guard<std::mutex> guard(lock);
  if (!isServing) {
    isServing = true;
    std::thread(serve).detach();
  }
}

static void shutDown() {
  std::lock_guard<std::mutex> guard(lock);
  isServing = false;
}

int main() {
  std::thread workers[2];
  for (std::thread &worker : workers)
    worker = std::thread(work);
  work();
  for (std::thread &worker : workers)
    worker.join();
  shutDown();
}
