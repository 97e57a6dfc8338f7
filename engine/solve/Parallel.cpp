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
// function that outsiders may call is taken to overlap. So are handlers that an event
// loop calls, but that rests on the assumption that several threads run the loop,
// unless a loop of the program starts such threads.
//
// A hand-over orders what comes before a signal and what comes after its wait.
// An access is before the signal when the signal had not been given yet and its
// thread gives it somewhere; it is after the wait when every path to it waited.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Parallel.h"
#include "engine/solve/EndedThreads.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

static std::uint8_t bitOf(HandOver::Value value) { return std::uint8_t(1u << value); }

/// Whether whoever starts the thread has waited for the one in the same handle before.
static bool waitsForLast(const Solution &solution, const Spawn &spawn) {
  return llvm::any_of(spawn.joinedBefore, [&](TermId joined) {
    const link::FieldId field = solution.terms.declaredField(joined, /*throughPointers=*/true);
    auto isField = [&](TermId handle) {
      return solution.terms.declaredField(handle, /*throughPointers=*/true) == field;
    };
    return field && !spawn.many && (isField(spawn.handle) || llvm::any_of(spawn.movedTo, isField));
  });
}

ParallelRuns::ParallelRuns(const Solution &solution) : S(solution), Loops(solution) {
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
      // That outsiders start it several times is an assumption; that they call a function
      // twice at a time is no reason to doubt its barriers.
      BesideItself[i] = BesideItself[i] || (root.many && !root.isEntryPoint && !spawn.isRegion);
      FromOutside[i] = FromOutside[i] || (root.isEntryPoint && !spawn.isRegion);
      if (root.spawn && root.spawn < count) {
        Below[root.spawn].set(i);
        Starters[i].push_back(root.spawn);
      }
      llvm::SmallVector<std::uint32_t, 4> running(context.alive.begin(), context.alive.end());
      dropJoined(S, spawn.joinedBefore, running);
      if (waitsForLast(S, spawn))
        llvm::erase(running, i);
      Alive[i].append(running.begin(), running.end());
    }
  }
  // Threads that static initialisation starts run beside all that `main` starts.
  for (std::uint32_t early = 1; early < count; ++early)
    if (S.spawns[early].what == "thread" &&
        llvm::any_of(S.contexts[S.spawns[early].function], [&](const Context &context) {
          return llvm::is_contained(S.program.initializers(), S.roots[context.root].function);
        }))
      for (std::uint32_t i = 1; i < count; ++i)
        if (i != early)
          Alive[i].push_back(early);
  for (const auto &[function, place, value] : S.signals)
    for (const Context &context : S.contexts[function]) {
      SignaledPlaces[{context.root, place}] |= bitOf(value);
      if (link::FieldId field = S.terms.declaredField(place))
        SignaledFields[{context.root, field}] |= bitOf(value);
    }
  for (const auto &[function, place, lock] : S.lockedSignals)
    for (const Context &context : S.contexts[function]) {
      LockedSignals.insert({context.root, {place, lock}});
      if (link::FieldId field = S.terms.declaredField(place))
        LockedFields.insert({context.root, {field, lock}});
    }
  // A region does part of what its function does: which one is not kept.
  llvm::DenseMap<link::FunctionId, llvm::SmallVector<std::uint32_t, 4>> regionsOf;
  for (std::uint32_t root = 1; root < S.roots.size(); ++root)
    if (S.roots[root].spawn && S.spawns[S.roots[root].spawn].isRegion)
      regionsOf[S.spawns[S.roots[root].spawn].function].push_back(root);
  if (!regionsOf.empty()) {
    for (const auto &[function, place, value] : S.signals)
      for (std::uint32_t root : regionsOf.lookup(function))
        SignaledPlaces[{root, place}] |= bitOf(value);
    for (const auto &[function, place, lock] : S.lockedSignals)
      for (std::uint32_t root : regionsOf.lookup(function))
        LockedSignals.insert({root, {place, lock}});
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
  auto [known, isNew] = SpawnOverlaps.try_emplace({a, b});
  if (isNew) {
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
    known->second.overlap = spawnsOverlap(a, b, known->second.assumed, seen);
  }
  assumed |= known->second.assumed;
  return known->second.overlap;
}

/// Whoever runs beside a thread may run beside what it starts. A pair that is
/// asked for already, on the way from a thread to its starters, adds nothing.
bool ParallelRuns::spawnsOverlap(std::uint32_t a, std::uint32_t b, bool &assumed,
                                 std::set<std::pair<std::uint32_t, std::uint32_t>> &seen) const {
  if (!seen.insert(std::minmax(a, b)).second)
    return false;
  if (a == b) {
    if (BesideItself[a] || llvm::is_contained(Alive[a], a))
      return true;
    assumed |= FromOutside[a];
    return FromOutside[a];
  }
  if (runs(Alive[a], b) || runs(Alive[b], a))
    return true;
  if (S.spawns[a].isRegion && S.spawns[b].isRegion && areApartByBarriers(a, b))
    return false;
  if (llvm::any_of(Starters[a], [&](std::uint32_t starter) { return spawnsOverlap(starter, b, assumed, seen); }) ||
      llvm::any_of(Starters[b], [&](std::uint32_t starter) { return spawnsOverlap(a, starter, assumed, seen); }))
    return true;
  assumed |= FromOutside[a] || FromOutside[b];
  return FromOutside[a] || FromOutside[b];
}

/// Whether the team's barriers are between two regions. Those of a function order what
/// its threads do in it. Of two functions that a team calls it is not known which
/// comes first: one that ends, or starts, with its last or first barrier may run beside
/// one that does not start, or end, so.
bool ParallelRuns::areApartByBarriers(std::uint32_t a, std::uint32_t b) const {
  if (S.spawns[a].function == S.spawns[b].function)
    return true;
  const Spawn &one = S.spawns[teamOf(a)], &other = S.spawns[teamOf(b)];
  const bool isBelow = Below[a].test(b) || Below[b].test(a);
  if (isBelow || !one.isOrphan || !other.isOrphan)
    return (one.isOrphan && one.startsAtBarrier && one.endsAtBarrier) ||
           (other.isOrphan && other.startsAtBarrier && other.endsAtBarrier);
  return (one.startsAtBarrier || other.endsAtBarrier) && (other.startsAtBarrier || one.endsAtBarrier);
}

/// The outermost region around one.
std::uint32_t ParallelRuns::teamOf(std::uint32_t piece) const {
  while (S.spawns[piece].within)
    piece = S.spawns[piece].within;
  return piece;
}

/// Whether a region stands in another one.
bool ParallelRuns::isWithin(std::uint32_t piece, std::uint32_t around) const {
  do
    piece = S.spawns[piece].within;
  while (piece && piece != around);
  return piece;
}

bool ParallelRuns::mayShareFrame(const AccessRun &own, std::uint32_t spawn) const {
  return runs(S.accesses[own.access].around->alive, spawn) ||
         llvm::is_contained(S.accesses[own.access].around->alive, 0u);
}

/// Whether the run has waited for the one thread that the spawn is, which somebody else
/// has started.
bool ParallelRuns::hasJoined(const AccessRun &run, std::uint32_t spawn) const {
  const Spawn &other = S.spawns[spawn];
  return spawn && S.roots[run.root].spawn != spawn && other.handle && !other.many && !BesideItself[spawn] &&
         llvm::any_of(S.accesses[run.access].around->joined,
                      [&](TermId handle) { return handle == other.handle || llvm::is_contained(other.ways, handle); });
}

bool ParallelRuns::mayOverlap(const AccessRun &a, const AccessRun &b, bool &assumed, bool &indirect) const {
  const bool overlap = threadsOverlap(a, b, assumed, indirect);
  // Of what a handler is given, each thread's loop may have its own.
  auto isNamed = [&](const AccessRun &run) {
    return !S.accesses[run.access].spawn && !(S.accesses[run.access].flags & AccessIsCaptured);
  };
  const bool areApart = Loops.areApart(a.root, b.root) && isNamed(a) && isNamed(b);
  assumed |= !areApart && Loops.mayBeOneThread(a.root, b.root);
  return overlap;
}

bool ParallelRuns::threadsOverlap(const AccessRun &a, const AccessRun &b, bool &assumed, bool &indirect) const {
  const Root &x = S.roots[a.root], &y = S.roots[b.root];
  assumed = x.isEntryPoint || y.isEntryPoint;
  indirect = false;
  if (x.isHandler || y.isHandler || !S.mayShareProcess(a.root, b.root) || Loops.areOneThread(a.root, b.root))
    return false;
  std::uint32_t one = x.spawn, two = y.spawn;
  if (one && two) {
    for (bool swapped : {false, true}) {
      const std::uint32_t around = swapped ? two : one, piece = swapped ? one : two;
      if (isWithin(piece, around) && !BesideItself[around])
        return runs(swapped ? b.alive : a.alive, piece);
    }
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
  bool isRegion = root.spawn && root.function == frame && solution.spawns[root.spawn].isRegion;
  return frame && !isRegion &&
         llvm::any_of(solution.contexts[frame], [&](const Context &context) { return context.root == run.root; });
}

bool ParallelRuns::haveCommonLock(const Solution &solution, const AccessRun &a, const AccessRun &b) {
  for (const NamedLock &x : a.locks)
    for (const NamedLock &y : b.locks) {
      bool same = x.key == y.key || (x.classKey == y.classKey && !(x.exact && y.exact));
      // Of a bare lock object only the type is known: it may be any.
      same = same || llvm::StringRef(solution.words[x.classKey]).starts_with("unknown ") ||
             llvm::StringRef(solution.words[y.classKey]).starts_with("unknown ");
      same = same && (!isOfOwnFrame(solution, a, x) || !isOfOwnFrame(solution, b, y));
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

bool ParallelRuns::rootSignals(std::uint32_t root, const HandOver &wait) const {
  auto [known, isNew] = RootSignals.try_emplace({root, wait.place, wait.lock, std::uint32_t(wait.value)});
  if (isNew)
    known->second = findRootSignals(root, wait);
  return known->second;
}

bool ParallelRuns::findRootSignals(std::uint32_t root, const HandOver &wait) const {
  const link::FieldId field = S.terms.declaredField(wait.place);
  if (wait.lock)
    return LockedSignals.contains({root, {wait.place, wait.lock}}) ||
           (field && LockedFields.contains({root, {field, wait.lock}}));
  // A loop that goes on while nobody has set `stop` has seen nothing of who sets it.
  const bool fitsAny = wait.value == HandOver::Any;
  const std::uint8_t fitting = fitsAny ? std::uint8_t(~0) : std::uint8_t(bitOf(wait.value) | bitOf(HandOver::Any));
  return (SignaledPlaces.lookup({root, wait.place}) & fitting) ||
         (field && (SignaledFields.lookup({root, field}) & fitting));
}

/// Whether the access is part of the initialisation that the flag lets run once.
bool ParallelRuns::isWithinOnce(const AccessRun &run, TermId flag) const {
  const auto once = S.onceFlags.find(flag);
  return once != S.onceFlags.end() && llvm::any_of(run.locks, [&](const NamedLock &held) {
           return S.words[held.classKey] == S.name(once->second, 0).classKey;
         });
}

bool ParallelRuns::isBefore(const AccessRun &first, const AccessRun &then) const {
  const Access &x = S.accesses[first.access], &y = S.accesses[then.access];
  // What callers waited for orders what a thread does after what its starter did
  // before it handed out anything. Later on the wait may be for an older signal, but
  // of what runs once there is none.
  const llvm::ArrayRef<HandOver> signaled =
      first.callers ? llvm::ArrayRef(first.callers->signaled) : llvm::ArrayRef<HandOver>();
  const bool isHandedWork =
      !S.roots[first.root].spawn && S.roots[then.root].spawn && x.around->signaled.empty() && signaled.empty();
  const llvm::ArrayRef<HandOver> callers =
      then.callers ? llvm::ArrayRef(then.callers->awaited) : llvm::ArrayRef<HandOver>();
  llvm::SmallVector<HandOver, 8> waits(y.around->awaited.begin(), y.around->awaited.end());
  llvm::copy_if(callers, std::back_inserter(waits),
                [&](const HandOver &wait) { return isHandedWork || S.onceFlags.count(wait.place); });
  for (const HandOver &wait : waits) {
    // A flag that was seen without the lock orders what is done under the lock, but
    // not its own next change.
    const bool isUnder = llvm::any_of(then.locks, [&](const NamedLock &held) { return held.classKey == wait.lock; });
    if (wait.lock && (!isUnder || samePlace(wait.place, y.subject)))
      continue;
    if (!rootSignals(first.root, wait))
      continue;
    if (isWithinOnce(first, wait.place))
      return true; // for the first time, however often the thread comes there
    auto isGiven = [&](const HandOver &signal) {
      bool match = signal.value == HandOver::Any || wait.value == HandOver::Any || signal.value == wait.value;
      return match && samePlace(signal.place, wait.place);
    };
    const bool given = llvm::any_of(x.around->signaled, isGiven) || llvm::any_of(signaled, isGiven);
    if (!given)
      return true;
  }
  return false;
}

/// How often the run's thread has come to a barrier by then, whatever it calls it.
Round ParallelRuns::roundOf(const AccessRun &run, TermId barrier) const {
  Rounds sum(1);
  sum.front().barrier = barrier;
  auto add = [&](llvm::ArrayRef<Round> rounds) {
    for (Round round : rounds)
      if (samePlace(round.barrier, barrier)) {
        round.barrier = barrier;
        addRounds(sum, round);
      }
  };
  if (run.callers)
    add(run.callers->rounds);
  add(S.accesses[run.access].around->rounds);
  return sum.front();
}

/// Whether the root's threads come to the barrier more often than that.
bool ParallelRuns::arrivesAgain(std::uint32_t root, const Round &round) const {
  auto isMore = [&](llvm::ArrayRef<Round> before, llvm::ArrayRef<Round> inside) {
    std::uint32_t most = 0;
    for (llvm::ArrayRef<Round> rounds : {before, inside})
      for (const Round &part : rounds)
        if (samePlace(part.barrier, round.barrier)) {
          if (part.arrived.stride)
            return true; // again and again
          most += part.arrived.least;
        }
    return most > round.arrived.least;
  };
  if (const std::uint32_t spawn = S.roots[root].spawn)
    return isMore(S.spawns[spawn].roundsBefore, S.spawns[spawn].roundsInside);
  return llvm::any_of(S.summaries[S.roots[root].function].outcomes,
                      [&](const Outcome &outcome) { return isMore({}, outcome.rounds); });
}

bool ParallelRuns::areInOtherRounds(const AccessRun &a, const AccessRun &b) const {
  auto decides = [&](const Round &entry) {
    const Round x = roundOf(a, entry.barrier), y = roundOf(b, entry.barrier);
    if (!solve::areInOtherRounds(x, y))
      return false;
    const bool isFirst = x.arrived.least <= y.arrived.least;
    const bool bothEnd = x.completes || y.completes || x.arrived.stride || y.arrived.stride;
    return bothEnd ? rootSignals(a.root, {entry.barrier}) && rootSignals(b.root, {entry.barrier})
                   : arrivesAgain(isFirst ? a.root : b.root, isFirst ? x : y);
  };
  for (const AccessRun *run : {&a, &b}) {
    if (llvm::any_of(S.accesses[run->access].around->rounds, decides) ||
        (run->callers && llvm::any_of(run->callers->rounds, decides)))
      return true;
  }
  return false;
}

bool ParallelRuns::areOrdered(const AccessRun &a, const AccessRun &b) const {
  return isBefore(a, b) || isBefore(b, a) || areInOtherRounds(a, b) || hasJoined(a, S.roots[b.root].spawn) ||
         hasJoined(b, S.roots[a.root].spawn);
}

} // namespace gridlock::solve
