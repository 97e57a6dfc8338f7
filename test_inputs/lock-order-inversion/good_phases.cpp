// The opposite order occurs only before the workers start and after they have
// been joined.
#include <mutex>
#include <thread>
#include <vector>

static std::mutex config, state;
static int limit, used;

static void load() {
  std::lock_guard<std::mutex> first(state);
  std::lock_guard<std::mutex> second(config);
  limit = 100;
  used = 0;
}

static void work() {
  std::lock_guard<std::mutex> first(config);
  std::lock_guard<std::mutex> second(state);
  if (used < limit)
    ++used;
}

static int summary() {
  std::lock_guard<std::mutex> first(state);
  std::lock_guard<std::mutex> second(config);
  return limit - used;
}

int main() {
  load();
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i)
    workers.emplace_back(work);
  for (std::thread &worker : workers)
    worker.join();
  return summary() < 0;
}
