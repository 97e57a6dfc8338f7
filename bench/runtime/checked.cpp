//===- checked.cpp - What gridlock::checked costs -------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The scenarios of locks.c in C++: built with std::mutex, with
// -DGRIDLOCK_CHECKED=1 with gridlock::checked<std::mutex>, and with
// -DGRIDLOCK_ABSEIL=1 with absl::Mutex, which looks for lock orders in builds
// without NDEBUG. Prints nanoseconds per lock and unlock.
//
//===----------------------------------------------------------------------===//

#if GRIDLOCK_ABSEIL
#include "absl/synchronization/mutex.h"
#else
#include "gridlock/mutex.h"
#endif

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

#if GRIDLOCK_ABSEIL
struct Mutex {
  absl::Mutex mutex;
  void lock() { mutex.Lock(); }
  void unlock() { mutex.Unlock(); }
};
#elif GRIDLOCK_CHECKED
using Mutex = gridlock::checked<std::mutex>;
#else
using Mutex = std::mutex;
#endif

double now() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

double chain(int depth, long pairs) {
  auto locks = std::make_unique<Mutex[]>(static_cast<std::size_t>(depth));
  double best = 1e30;
  for (int batch = 0; batch < 15; ++batch) {
    double start = now();
    for (long i = 0; i < pairs / depth; ++i) {
      for (int d = 0; d < depth; ++d)
        locks[static_cast<std::size_t>(d)].lock();
      for (int d = depth; d-- > 0;)
        locks[static_cast<std::size_t>(d)].unlock();
    }
    best = std::min(best, (now() - start) / static_cast<double>(pairs / depth * depth));
  }
  return best;
}

double pairsOf256(int count, long each) {
  auto locks = std::make_unique<Mutex[]>(256);
  std::vector<std::thread> threads;
  double start = now();
  for (int number = 1; number <= count; ++number)
    threads.emplace_back([&, number] {
      std::uint64_t s = static_cast<std::uint64_t>(number) * 0x9E3779B97F4A7C15u + 1;
      for (long i = 0; i < each; ++i) {
        s ^= s << 13;
        s ^= s >> 7;
        s ^= s << 17;
        unsigned x = s & 255, y = s >> 8 & 255;
        if (x == y)
          y = (y + 1) & 255;
        std::lock_guard<Mutex> first(locks[std::min(x, y)]);
        std::lock_guard<Mutex> second(locks[std::max(x, y)]);
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  return (now() - start) / (static_cast<double>(each) * count * 2);
}

std::uint64_t nextRandom(std::uint64_t &s) {
  s ^= s << 13;
  s ^= s >> 7;
  s ^= s << 17;
  return s;
}

double contend(int count, long each) {
  Mutex lock;
  std::vector<std::thread> threads;
  double start = now();
  for (int number = 0; number < count; ++number)
    threads.emplace_back([&] {
      for (long i = 0; i < each; ++i) {
        lock.lock();
        lock.unlock();
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  return (now() - start) / (static_cast<double>(each) * count);
}

/// As in locks.c: four of the locks, in one global order that is not that of creation.
double graph(unsigned count, long iterations, int passes) {
  auto locks = std::make_unique<Mutex[]>(count);
  std::vector<unsigned> order(count);
  for (unsigned i = 0; i < count; ++i)
    order[i] = i;
  std::uint64_t state = 88172645463325252u;
  for (unsigned i = count; i-- > 1;)
    std::swap(order[i], order[nextRandom(state) % (i + 1)]);
  // The first use makes a lock known; creating it is not what is measured.
  for (unsigned i = 0; i < count; ++i) {
    locks[i].lock();
    locks[i].unlock();
  }
  double each = 0;
  for (int pass = 0; pass < passes; ++pass) {
    std::uint64_t s = 12345;
    double start = now();
    for (long i = 0; i < iterations; ++i) {
      unsigned pick[4];
      for (unsigned &lock : pick)
        lock = static_cast<unsigned>(nextRandom(s) % count);
      std::sort(pick, pick + 4);
      int taken = 0;
      for (int d = 0; d < 4; ++d)
        if (d == 0 || pick[d] != pick[d - 1])
          locks[order[pick[taken++] = pick[d]]].lock();
      while (taken-- > 0)
        locks[order[pick[taken]]].unlock();
    }
    each = (now() - start) / (static_cast<double>(iterations) * 4);
  }
  return each;
}

} // namespace

int main(int argc, char **argv) {
  std::string scenario = argc > 1 ? argv[1] : "";
  double scale = argc > 2 ? std::atof(argv[2]) : 1;
  // A second thread that holds nothing keeps the shortcuts for one thread off.
  int ends[2];
  if (pipe(ends) != 0)
    return 1;
  std::thread idle([&] {
    char end;
    if (read(ends[0], &end, 1) != 1)
      std::abort();
  });
  double result = -1;
  if (scenario == "single")
    result = chain(1, static_cast<long>(2000000 * scale));
  else if (scenario == "nest2")
    result = chain(2, static_cast<long>(2000000 * scale));
  else if (scenario == "chain8")
    result = chain(8, static_cast<long>(2000000 * scale));
  else if (scenario == "t64")
    result = pairsOf256(64, static_cast<long>(100000 * scale));
  else if (scenario == "cont2")
    result = contend(2, static_cast<long>(2000000 * scale));
  else if (scenario == "dense1000" || scenario == "steady1000")
    result = graph(1000, static_cast<long>(100000 * scale), scenario == "steady1000" ? 2 : 1);
  else if (scenario == "grow100000")
    result = graph(100000, static_cast<long>(100000 * scale), 1);
  if (write(ends[1], "", 1) != 1)
    return 1;
  idle.join();
  if (result < 0) {
    std::fprintf(stderr, "usage: checked SCENARIO [SCALE]\n");
    return 2;
  }
  std::printf("%.2f\n", result);
}
