// What each thread gets through `std::ref`, `std::bind` or a pointer is an object of
// its own, a copy, or guarded.
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

struct Counters {
  long own = 0, copied = 0, guarded = 0;
  std::mutex mutex;
  void addOwn() { ++own; }
};

struct Settings {
  int level = 0;
};

static void addReferred(Counters &counters, int n) { counters.own += n; }

static void change(Settings settings) { ++settings.level; }

static void changeCopy(Settings &settings) { ++settings.level; }

static void addGuarded(Counters &counters, int n) {
  std::lock_guard<std::mutex> lock(counters.mutex);
  counters.guarded += n;
}

class Server {
public:
  void start() { thread = std::thread(std::bind(&Server::run, this)); }
  void stop() {
    thread.join();
    ++served;
  }

private:
  void run() { ++served; }
  long served = 0;
  std::thread thread;
};

int main() {
  Counters first, second, third;
  Settings settings;
  std::thread a(addReferred, std::ref(first), 1), b(addReferred, std::ref(second), 2);
  std::thread c(change, settings), d(std::bind(changeCopy, settings)), e(std::bind(changeCopy, settings));
  std::thread f(std::bind(addGuarded, std::ref(third), 1)), g(addGuarded, std::ref(third), 2);
  std::thread h(&Counters::addOwn, std::make_shared<Counters>()), i(&Counters::addOwn, std::make_shared<Counters>());
  Server server;
  server.start();
  server.stop();
  a.join(), b.join(), c.join(), d.join(), e.join(), f.join(), g.join(), h.join(), i.join();
  return int(third.guarded);
}
