// The loader arrives and goes; the user waits for it.
#include <barrier>
#include <string>
#include <thread>

static std::string config;

static std::barrier ready(2);

static void loader() {
  config = "loaded";
  ready.arrive_and_drop();
}

static void user() {
  ready.arrive_and_wait();
  config += "!";
}

int main() {
  std::thread a(loader);
  std::thread b(user);
  a.join();
  b.join();
}
