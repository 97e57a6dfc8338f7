//===- checked.cpp - What gridlock::checked costs -------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The scenarios of locks.c that the header is measured by, in C++: built with
// std::mutex, and with -DGRIDLOCK_CHECKED=1 with gridlock::checked<std::mutex>.
// Prints nanoseconds per lock and unlock.
//
//===----------------------------------------------------------------------===//

#include "gridlock/mutex.h"

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

#if GRIDLOCK_CHECKED
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
  if (write(ends[1], "", 1) != 1)
    return 1;
  idle.join();
  if (result < 0) {
    std::fprintf(stderr, "usage: checked single|nest2|chain8|t64 [SCALE]\n");
    return 2;
  }
  std::printf("%.2f\n", result);
}
