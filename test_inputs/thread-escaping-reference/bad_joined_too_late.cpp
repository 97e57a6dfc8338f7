// Threads that are joined, but after the variable is gone.
#include <string>
#include <thread>
#include <vector>

static void use(const std::string &) {}

void loopVariable(int count) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) {
    std::string name = std::to_string(i);
    threads.emplace_back([&name] { use(name); }); // expect: thread-escaping-reference
  }
  for (auto &thread : threads)
    thread.join();
}

void innerScope() {
  std::thread worker;
  {
    std::string name = "inner";
    worker = std::thread([&] { use(name); }); // expect: thread-escaping-reference
  }
  worker.join();
}

void declaredBefore() {
  std::jthread worker;
  std::string name = "late";
  worker = std::jthread([&] { use(name); }); // expect: thread-escaping-reference
}
