//===- SpinProtocol.cpp - Threads that keep apart by atomics ----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Mutual exclusion by loads and stores (Dijkstra, CACM 1965; Lamport, CACM 1974;
// Peterson, IPL 1981): each thread says in an atomic of its own that it wants to go
// on, and does nothing but look at those of the others until it may. No lock is to be
// seen there, and that one thread goes at a time follows from all of it together. So
// of two threads that both wait in such a loop, each for what the other one stores,
// nothing is said. An atomic that somebody exchanges or counts is none of these: it is
// a lock, or a counter, which others know.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/SpinProtocol.h"

namespace gridlock::solve {

void SpinProtocol::add(const SharedVariable &variable) {
  std::set<std::uint32_t> waits, stores;
  for (const AccessRun &run : variable.runs) {
    const Access &access = S.accesses[run.access];
    if (access.kind == AccessKind::AtomicUpdate || isWrite(access.kind))
      return;
    if (access.kind == AccessKind::AtomicStore)
      stores.insert(run.root);
    else if (access.kind == AccessKind::AtomicLoad && (access.flags & AccessIsSpinning))
      waits.insert(run.root);
  }
  for (std::uint32_t one : waits)
    for (std::uint32_t other : stores)
      Awaits.insert({one, other});
}

} // namespace gridlock::solve
