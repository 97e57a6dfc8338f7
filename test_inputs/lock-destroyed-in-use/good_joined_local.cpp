// Local mutexes outlive their threads: joined, jthreads declared after them,
// or shared ownership for the detached one.
#include <memory>
#include <mutex>
#include <thread>

int joined() {
  std::mutex mutex;
  int result = 0;
  std::thread worker([&] {
    std::lock_guard<std::mutex> lock(mutex);
    result = 42;
  });
  worker.join();
  return result;
}

int automatic() {
  std::mutex mutex;
  int result = 0;
  {
    std::jthread worker([&] {
      std::lock_guard<std::mutex> lock(mutex);
      result = 42;
    });
  }
  return result;
}

struct Shared {
  std::mutex mutex;
  int value = 0;
};

int detached() {
  auto shared = std::make_shared<Shared>();
  std::thread([shared] {
    std::lock_guard<std::mutex> lock(shared->mutex);
    shared->value = 42;
  }).detach();
  std::lock_guard<std::mutex> lock(shared->mutex);
  return shared->value;
}

int main() { return joined() + automatic() - detached() > 84; }
