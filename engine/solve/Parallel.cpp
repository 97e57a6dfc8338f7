//===- Parallel.cpp - Which accesses may happen in parallel -----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two threads overlap when one was running as the other started. The path engine
// notes at every start and at every call which started threads were not yet
// joined (Naumovich, Avrunin, Clarke, FSE 1999); top-down contexts carry that
// set into callees. A thread may also run when the thread runs that starts it; a
// function that outsiders may call is taken to overlap.
//
// A hand-over orders what comes before a signal and what comes after its wait.
// An access is before the signal when the signal had not been given yet and its
// thread gives it somewhere; it is after the wait when every path to it waited.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Parallel.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

ParallelRuns::ParallelRuns(const Solution &solution) : S(solution) {
  std::size_t count = S.spawns.size();
  BesideItself.assign(count, false);
  FromOutside.assign(count, false);
  Below.assign(count, llvm::SmallBitVector(unsigned(count)));
  Starters.resize(count);
  Alive.resize(count);
  for (std::uint32_t i = 1; i < count; ++i) {
    const Spawn &spawn = S.spawns[i];
    BesideItself[i] = spawn.besideItself;
    Alive[i].append(spawn.aliveAtStart.begin(), spawn.aliveAtStart.end());
    for (const Context &context : S.contexts[spawn.function]) {
      const Root &root = S.roots[context.root];
      if (!S.mayRun(context.root, spawn.function))
        continue;
      BesideItself[i] = BesideItself[i] || root.many;
      FromOutside[i] = FromOutside[i] || root.isEntryPoint;
      if (root.spawn && root.spawn < count) {
        Below[root.spawn].set(i);
        Starters[i].push_back(root.spawn);
      }
      Alive[i].append(context.alive.begin(), context.alive.end());
    }
  }
  for (const auto &[function, place] : S.signals)
    for (const Context &context : S.contexts[function]) {
      SignaledPlaces.insert({context.root, place});
      if (link::FieldId field = S.terms.declaredField(place))
        SignaledFields.insert({context.root, field});
    }
  for (bool changed = true; changed;) {
    changed = false;
    for (std::uint32_t i = 1; i < count; ++i) {
      llvm::SmallBitVector all = Below[i];
      for (unsigned next : Below[i].set_bits())
        all |= Below[next];
      changed |= all != Below[i];
      Below[i] = std::move(all);
    }
  }
}

/// Whether a thread may run when others do: it is one of them, or one of them
/// starts it.
bool ParallelRuns::runs(llvm::ArrayRef<std::uint32_t> alive, std::uint32_t spawn) const {
  return llvm::any_of(
      alive, [&](std::uint32_t other) { return other == spawn || (other < Below.size() && Below[other].test(spawn)); });
}

bool ParallelRuns::spawnsOverlap(std::uint32_t a, std::uint32_t b, bool &assumed) const {
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  return spawnsOverlap(a, b, assumed, seen);
}

/// Whoever runs beside a thread may run beside what it starts. A pair that is
/// asked for already, on the way from a thread to its starters, adds nothing.
bool ParallelRuns::spawnsOverlap(std::uint32_t a, std::uint32_t b, bool &assumed,
                                 std::set<std::pair<std::uint32_t, std::uint32_t>> &seen) const {
  if (!seen.insert(std::minmax(a, b)).second)
    return false;
  if (a == b)
    return BesideItself[a] || llvm::is_contained(Alive[a], a);
  if (runs(Alive[a], b) || runs(Alive[b], a))
    return true;
  if (llvm::any_of(Starters[a], [&](std::uint32_t starter) { return spawnsOverlap(starter, b, assumed, seen); }) ||
      llvm::any_of(Starters[b], [&](std::uint32_t starter) { return spawnsOverlap(a, starter, assumed, seen); }))
    return true;
  assumed |= FromOutside[a] || FromOutside[b];
  return FromOutside[a] || FromOutside[b];
}

bool ParallelRuns::mayOverlap(const AccessRun &a, const AccessRun &b, bool &assumed, bool &indirect) const {
  const Root &x = S.roots[a.root], &y = S.roots[b.root];
  assumed = x.isEntryPoint || y.isEntryPoint;
  indirect = false;
  if (x.isHandler || y.isHandler || !S.mayShareProcess(a.root, b.root))
    return false;
  std::uint32_t one = x.spawn, two = y.spawn;
  if (one && two) {
    // Of a thread and one that it starts, what counts is when.
    for (bool swapped : {false, true}) {
      std::uint32_t starter = swapped ? two : one, started = swapped ? one : two;
      if (starter != started && Below[starter].test(started) && !Below[started].test(starter) &&
          !BesideItself[starter] && !FromOutside[started])
        return runs(swapped ? b.alive : a.alive, started);
    }
    return spawnsOverlap(one, two, assumed);
  }
  if (x.isEntryPoint || y.isEntryPoint)
    return a.parallel && b.parallel;
  if (!one && !two)
    return false; // both on the thread of `main`
  const AccessRun &main = one ? b : a;
  std::uint32_t spawn = one ? one : two;
  if (main.alive.empty() || (main.alive.size() == 1 && main.alive.front() == threadsEnded))
    return main.parallel; // a thread that static initialisation started
  if (llvm::is_contained(main.alive, spawn))
    return true;
  indirect = runs(main.alive, spawn);
  assumed |= !indirect && FromOutside[spawn];
  return indirect || assumed;
}

/// A variable of a function that the run's own thread calls: the call's own
/// object, unless the run got it from the thread that started its thread. The
/// threads of a parallel region share the variables of the function around it.
static bool isOfOwnFrame(const Solution &solution, const AccessRun &run, const NamedLock &lock) {
  link::FunctionId frame = solution.lockFrames.lookup(lock.key);
  const Root &root = solution.roots[run.root];
  bool isRegion = root.spawn && root.function == frame && solution.spawns[root.spawn].what == "region";
  return frame && !isRegion &&
         llvm::any_of(solution.contexts[frame], [&](const Context &context) { return context.root == run.root; });
}

bool ParallelRuns::haveCommonLock(const Solution &solution, const AccessRun &a, const AccessRun &b) {
  for (const NamedLock &x : a.locks)
    for (const NamedLock &y : b.locks) {
      bool same = x.key == y.key || (x.classKey == y.classKey && !(x.exact && y.exact));
      // Of a bare lock object only the type is known: it may be any.
      same |= llvm::StringRef(solution.words[x.classKey]).starts_with("unknown ") ||
              llvm::StringRef(solution.words[y.classKey]).starts_with("unknown ");
      same &= !isOfOwnFrame(solution, a, x) || !isOfOwnFrame(solution, b, y);
      if (same && !(x.mode == model::LockMode::Shared && y.mode == model::LockMode::Shared))
        return true;
    }
  return false;
}

bool ParallelRuns::samePlace(TermId a, TermId b) const {
  if (a == b)
    return true;
  link::FieldId field = S.terms.declaredField(a);
  return field && field == S.terms.declaredField(b);
}

bool ParallelRuns::rootSignals(std::uint32_t root, TermId place) const {
  if (SignaledPlaces.contains({root, place}))
    return true;
  link::FieldId field = S.terms.declaredField(place);
  return field && SignaledFields.contains({root, field});
}

bool ParallelRuns::isBefore(const AccessRun &first, const AccessRun &then) const {
  const Access &x = S.accesses[first.access], &y = S.accesses[then.access];
  for (const HandOver &wait : y.awaited) {
    bool given = llvm::any_of(x.signaled, [&](const HandOver &signal) {
      bool match = signal.value == HandOver::Any || wait.value == HandOver::Any || signal.value == wait.value;
      return match && samePlace(signal.place, wait.place);
    });
    if (!given && rootSignals(first.root, wait.place))
      return true;
  }
  return false;
}

bool ParallelRuns::areOrdered(const AccessRun &a, const AccessRun &b) const { return isBefore(a, b) || isBefore(b, a); }

} // namespace gridlock::solve
