// References to locals of threads that end first: joined in a loop, by a
// destructor, by a helper, through a future, or met at a latch.
#include <future>
#include <latch>
#include <string>
#include <thread>
#include <vector>

static void use(const std::string &) {}

void loopVariable(const std::vector<std::string> &names) {
  std::vector<std::thread> threads;
  for (const auto &name : names)
    threads.emplace_back([&name] { use(name); });
  for (auto &thread : threads)
    thread.join();
}

static void joinAll(std::vector<std::thread> &threads) {
  for (auto &thread : threads)
    thread.join();
}

void helper(int count) {
  std::string name = "shared";
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i)
    threads.push_back(std::thread([&] { use(name); }));
  joinAll(threads);
}

void destructor() {
  std::string name = "early";
  std::jthread worker([&] { use(name); });
}

void future() {
  std::string name = "future";
  auto task = std::async(std::launch::async, [&] { use(name); });
  task.get();
}

void latch() {
  std::latch done(1);
  std::string name = "latch";
  std::thread([&] {
    use(name);
    done.count_down();
  }).detach();
  done.wait();
}

int main() {
  loopVariable({"a", "b"});
  helper(2);
  destructor();
  future();
  latch();
}
