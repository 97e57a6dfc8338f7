// Threads get one object through `std::ref`, `std::bind`, a pointer in a variable,
// or a shared pointer: it is one object all the same.
#include <functional>
#include <future>
#include <memory>
#include <thread>

struct Counters {
  long referred = 0, bound = 0, pointed = 0, shared = 0, method = 0, started = 0;
  void addPointed() { ++pointed; } // expect: race-unlocked-mutation
  void addShared() { ++shared; }   // expect: race-unlocked-mutation
  void addMethod() { ++method; }   // expect: race-unlocked-mutation
};

static void addReferred(Counters &counters, int n) {
  counters.referred += n; // expect: race-unlocked-mutation
}

static void addBound(Counters &counters, int n) {
  counters.bound += n; // expect: race-unlocked-mutation
}

static void addNumber(int &number, int n) {
  number += n; // expect: race-unlocked-mutation
}

class Server {
public:
  void start() { thread = std::thread(std::bind(&Server::run, this)); }
  void stop() { thread.join(); }
  void request() { ++served; }

private:
  void run() { ++served; } // expect: race-unlocked-mutation
  long served = 0;
  std::thread thread;
};

int main() {
  Counters counters;
  Counters *pointer = &counters;
  auto owned = std::make_shared<Counters>();
  int number = 0;

  std::thread a(addReferred, std::ref(counters), 1), b(addReferred, std::ref(counters), 2);
  std::thread c(std::bind(addBound, std::ref(counters), 1)), d(std::bind(addBound, std::ref(counters), 2));
  std::thread e(&Counters::addPointed, pointer), f(&Counters::addPointed, pointer);
  std::thread g(&Counters::addShared, owned), h(&Counters::addShared, owned);
  std::thread i(&Counters::addMethod, std::ref(counters)), j(&Counters::addMethod, &counters);
  auto m = std::async(std::launch::async, addNumber, std::ref(number), 1);
  auto n = std::async(std::launch::async, addNumber, std::ref(number), 1);

  Server server;
  server.start();
  server.request();
  server.stop();

  a.join(), b.join(), c.join(), d.join(), e.join(), f.join();
  g.join(), h.join(), i.join(), j.join();
  m.get(), n.get();
  return int(counters.referred) + number;
}
