// Joined, detached, moved or returned on every path; a guard of the program's
// own; a flag that decides start and join alike.
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

static void warm() {}

class JoinAtExit {
public:
  explicit JoinAtExit(std::thread thread) : thread_(std::move(thread)) {}
  JoinAtExit(JoinAtExit &&) = default;
  ~JoinAtExit() {
    if (thread_.joinable())
      thread_.join();
  }

private:
  std::thread thread_;
};

static int parse(const std::string &text) {
  if (text.empty())
    throw std::invalid_argument("empty");
  return int(text.size());
}

bool load(int size) {
  std::thread helper(warm);
  if (size == 0) {
    helper.detach();
    return false;
  }
  helper.join();
  return true;
}

int loadText(const std::string &text) {
  JoinAtExit helper{std::thread(warm)};
  return parse(text);
}

int loadMaybe(const std::string &text, bool parallel) {
  std::thread helper;
  if (parallel)
    helper = std::thread(warm);
  int size = int(text.size());
  if (parallel)
    helper.join();
  return size;
}

std::thread launch() { return std::thread(warm); }

void collect(std::vector<std::thread> &threads, int count) {
  for (int i = 0; i < count; ++i) {
    std::thread one = launch();
    threads.push_back(std::move(one));
  }
}

int main() {
  std::vector<std::thread> threads;
  collect(threads, 3);
  for (auto &thread : threads)
    thread.join();
  launch().join();
  load(1);
  return loadText("a") + loadMaybe("b", true);
}
