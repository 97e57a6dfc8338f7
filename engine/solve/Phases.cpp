//===- Phases.cpp - Threads, phases and callers' locks ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Top-down over the call sites that the path engine recorded. A context of a
// function is (thread root, may other threads run, locks held by all callers on
// the way). Contexts of one root and phase are joined by intersecting the held
// locks, so that there are few; a start-up caller does not spoil the context of
// the running phase, because the phase is part of the key.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Phases.h"
#include "engine/solve/EndedThreads.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <deque>
#include <utility>

namespace gridlock::solve {

static constexpr unsigned contextLimit = 32;
/// Sets of callers' locks that one function keeps apart for a root and phase.
static constexpr unsigned lockSetLimit = 3;
/// Signals, and waits, of callers that one context keeps.
static constexpr unsigned signalLimit = 16;

namespace {

class PhaseFinder {
public:
  explicit PhaseFinder(Solution &solution) : S(solution) {}

  void run() {
    S.contexts.resize(S.program.functionCount());
    S.callsFrom.resize(S.program.functionCount());
    Reached.assign(S.program.functionCount(), false);
    Changed.resize(S.program.functionCount());
    for (std::uint32_t i = 0; i < S.callSites.size(); ++i)
      S.callsFrom[S.callSites[i].caller].push_back(i);
    Program();
    partitionRoots(S);
    keepToPrograms();
    followKinds();
    joinTargets();
  }

private:
  void Program() {
    // Threads that static initialisation starts run beside main from the start.
    bool startsEarly = llvm::any_of(S.program.initializers(), [&](link::FunctionId id) {
      return llvm::any_of(S.summaries[id].outcomes, [](const Outcome &outcome) { return !outcome.alive.empty(); });
    });
    for (link::FunctionId id : S.program.initializers())
      addRoot({.function = id}, false);
    for (link::FunctionId id : S.program.mains())
      addRoot({.function = id}, startsEarly);
    for (std::uint32_t i = 1; i < S.spawns.size(); ++i)
      if (S.spawns[i].isRegion) // part of its function, which nobody enters there
        addRegion(i);
      else
        addRoot({.function = S.spawns[i].entry,
                 .spawn = i,
                 .many = S.spawns[i].many,
                 .isHandler = S.spawns[i].what == "handler"},
                true);
    spread();
    // What none of these reaches may be called from outside, by any thread.
    for (link::FunctionId id = 1; id < S.program.functionCount(); ++id)
      if (S.program.function(id).hasBody && !Reached[id] && !S.hasCallers[id]) {
        addRoot({.function = id, .many = true, .isEntryPoint = true}, true);
        spread();
      }
    for (link::FunctionId id = 1; id < S.program.functionCount(); ++id)
      if (S.program.function(id).hasBody && !Reached[id]) {
        addRoot({.function = id, .many = true, .isEntryPoint = true}, true);
        spread();
      }
  }

  void addRegion(std::uint32_t spawn) {
    RegionRoots[spawn] = std::uint32_t(S.roots.size());
    S.roots.push_back({.function = S.spawns[spawn].entry, .spawn = spawn, .many = S.spawns[spawn].many});
  }

  /// Pointers in common code lead to functions of all programs. Now that it is known
  /// which programs link what, each thread goes only where its own lead.
  void keepToPrograms() {
    const bool isOneProgram =
        llvm::all_of(S.unitPrograms, [](const llvm::SmallBitVector &programs) { return programs.all(); });
    if (isOneProgram)
      return;
    KeepsToPrograms = true;
    spreadAgain();
  }

  void spreadAgain() {
    for (std::vector<Context> &contexts : S.contexts)
      contexts.clear();
    for (const auto &[function, context] : Starts)
      add(function, context);
    spread();
    partitionRoots(S);
  }

  /// Where a call depends on what the inputs are, callers decide whether it is made.
  void followKinds() {
    findChanging();
    const bool anyTold = llvm::any_of(S.callSites, [](const CallSite &call) {
      return llvm::any_of(call.passed, [](const PassedKind &passed) { return !passed.numbers.isAny(); });
    });
    if (!anyTold)
      return;
    FollowsKinds = true;
    spreadAgain();
  }

  /// Fields that some thread writes while others may run, of objects that threads may
  /// share.
  void findChanging() {
    llvm::DenseSet<TermId> lent; // variables and objects that some thread was given
    for (const Access &access : S.accesses)
      if (access.spawn)
        lent.insert(S.terms.root(access.subject));
    auto note = [&](const AccessRecord &access, link::FunctionId function, bool parallel) {
      const bool reads = access.kind == AccessKind::Read || access.kind == AccessKind::AtomicLoad;
      const link::FieldId field = reads ? 0 : S.terms.declaredField(access.subject);
      const TermId root = S.terms.root(access.subject);
      const TermKind kind = S.terms[root].kind;
      if (!field || ((kind == TermKind::Local || kind == TermKind::Heap) && !lent.contains(root)))
        return;
      if (parallel || access.spawn || !access.around->alive.empty() ||
          llvm::any_of(S.contexts[function], [](const Context &context) { return context.parallel; }))
        S.changing.insert(field);
    };
    for (const Access &access : S.accesses)
      note(access, access.function, false);
    for (const Root &root : S.roots)
      if (root.function && !root.spawn)
        for (const AccessRecord &access : S.summaries[root.function].accesses)
          note(access, root.function, root.isEntryPoint);
  }

  void addRoot(Root root, bool parallel) {
    if (!root.function || !S.program.function(root.function).hasBody)
      return;
    S.roots.push_back(root);
    Context context{std::uint32_t(S.roots.size() - 1), parallel, {}, {}, false};
    context.rounds = S.spawns[root.spawn].roundsBefore;
    // Outsiders do as the declaration says.
    if (root.isEntryPoint)
      for (const DeclaredLock &lock : S.declared.of(root.function))
        if (lock.lock && lock.kind == ir::AttributeKind::Requires)
          context.held.push_back(S.lockWord(S.name(lock.lock, root.function)));
    llvm::sort(context.held);
    add(root.function, context);
    Starts.push_back({root.function, std::move(context)});
  }

  void add(link::FunctionId function, const Context &context) {
    Reached[function] = true;
    auto &contexts = S.contexts[function];
    unsigned alike = 0;
    Context *last = nullptr;
    const bool haveEnded = llvm::is_contained(context.alive, threadsEnded);
    for (Context &other : contexts)
      if (other.root == context.root && other.parallel == context.parallel && other.guess == context.guess &&
          llvm::is_contained(other.alive, threadsEnded) == haveEnded) {
        ++alike;
        if (!last || other.held == context.held)
          last = &other;
      }
    // A few sets of callers' locks stand apart; more are intersected.
    if (last && (last->held == context.held || alike >= lockSetLimit)) {
      bool lessKnown = uniteKinds(last->kinds, context.kinds);
      if (last->rounds != context.rounds) {
        const Rounds before = last->rounds;
        uniteRounds(last->rounds, context.rounds);
        lessKnown |= before != last->rounds;
      }
      const std::size_t unset = last->unset.size();
      llvm::erase_if(last->unset, [&](const Fact &fact) { return !llvm::is_contained(context.unset, fact); });
      lessKnown |= last->unset.size() != unset;
      std::size_t before = last->held.size(), alive = last->alive.size(), signaled = last->signaled.size();
      const std::size_t awaited = last->awaited.size();
      addHandOvers(last->signaled, context.signaled);
      llvm::erase_if(last->awaited, [&](const HandOver &wait) { return !llvm::is_contained(context.awaited, wait); });
      llvm::erase_if(last->held, [&](std::uint32_t key) { return !llvm::is_contained(context.held, key); });
      for (std::uint32_t spawn : context.alive)
        insertSorted(last->alive, spawn);
      if (last->held.size() != before || last->alive.size() != alive || last->signaled.size() != signaled ||
          last->awaited.size() != awaited || lessKnown)
        queue(function, unsigned(last - contexts.data()));
      return;
    }
    if (contexts.size() >= contextLimit)
      return;
    contexts.push_back(context);
    queue(function, unsigned(contexts.size() - 1));
  }

  /// A context of the function has changed: its calls are to be followed again.
  void queue(link::FunctionId function, unsigned context) {
    llvm::SmallBitVector &changed = Changed[function];
    if (changed.none())
      Work.push_back(function);
    if (changed.size() <= context)
      changed.resize(context + 1);
    changed.set(context);
  }

  static void addHandOvers(llvm::SmallVectorImpl<HandOver> &signals, llvm::ArrayRef<HandOver> more) {
    for (const HandOver &signal : more)
      if (signals.size() < signalLimit && !llvm::is_contained(signals, signal))
        signals.push_back(signal);
  }

  void spread() {
    Context next; // its lists keep their room
    while (!Work.empty()) {
      link::FunctionId caller = Work.front();
      Work.pop_front();
      // A function that calls itself gets contexts meanwhile, which are queued.
      llvm::SmallBitVector changed;
      std::swap(changed, Changed[caller]);
      for (std::uint32_t index : S.callsFrom[caller]) {
        const CallSite &call = S.callSites[index];
        const llvm::SmallVector<std::uint32_t, 2> &own = locksAt(index);
        for (unsigned i : changed.set_bits()) {
          if (KeepsToPrograms && !S.mayRun(S.contexts[caller][i].root, call.callee))
            continue;
          if (FollowsKinds && isRuledOut(call.when, S.contexts[caller][i].kinds, S.changing))
            continue;
          next = S.contexts[caller][i];
          next.kinds = FollowsKinds ? passDown(call.passed, next.kinds) : Kinds();
          if (call.region)
            next.root = RegionRoots.lookup(call.region);
          if (call.inForkedChild) {
            next.parallel = false;
            next.alive.clear();
          }
          next.parallel |= call.threadsAlive || call.region;
          next.guess |= call.guess;
          for (std::uint32_t key : own)
            if (!llvm::is_contained(next.held, key))
              next.held.push_back(key);
          if (!own.empty())
            llvm::sort(next.held);
          dropJoined(S, call.joined, next.alive);
          for (std::uint32_t spawn : call.alive)
            if (!llvm::is_contained(next.alive, spawn))
              next.alive.push_back(spawn);
          llvm::sort(next.alive);
          addRounds(next.rounds, call.rounds);
          for (const Fact &fact : call.unset)
            if (!llvm::is_contained(next.unset, fact))
              next.unset.push_back(fact);
          addHandOvers(next.signaled, call.signaled);
          addHandOvers(next.awaited, call.awaited);
          add(call.callee, next);
        }
      }
    }
  }

  /// The locks held at a call, by name.
  const llvm::SmallVector<std::uint32_t, 2> &locksAt(std::uint32_t index) {
    auto [entry, isNew] = LocksAt.try_emplace(index);
    const CallSite &call = S.callSites[index];
    if (isNew)
      for (TermId lock : call.held) {
        entry->second.push_back(S.lockWord(S.name(lock, call.caller)));
        S.noteOnceLock(lock, S.lockClasses[entry->second.back()]);
      }
    return entry->second;
  }

  /// Whether two functions run in one process.
  bool mayMeet(link::FunctionId a, link::FunctionId b) const {
    return llvm::any_of(S.contexts[a], [&](const Context &mine) {
      return llvm::any_of(S.contexts[b],
                          [&](const Context &theirs) { return S.mayShareProcess(mine.root, theirs.root); });
    });
  }

  /// Whether a handle is the very object's that has the thread, and in none of its members.
  bool isOwnHandle(TermId handle) const {
    return S.terms[handle].kind == TermKind::Field && !S.program.field(S.terms[handle].b).record;
  }

  /// Joins of a thread that was started elsewhere: by the field of the handle.
  void joinTargets() {
    for (JoinWithLock &join : S.joins) {
      if (!join.spawns.empty())
        continue;
      link::FieldId field = S.terms.declaredField(join.handle, /*throughPointers=*/true);
      TermId root = S.terms.root(join.handle);
      // An object that is a thread waits for itself, or for another one of its class.
      const Term &object = S.terms[isOwnHandle(join.handle) ? S.terms[join.handle].a : 0];
      const bool isThis = object.kind == TermKind::Deref && S.terms[object.a].kind == TermKind::Formal;
      const link::RecordId own = isThis ? S.program.function(join.function).record : 0;
      for (std::uint32_t i = 1; i < S.spawns.size(); ++i) {
        TermId handle = S.spawns[i].handle;
        if (!handle || S.spawns[i].what == "handler")
          continue;
        bool sameField = field && (S.terms.declaredField(handle, /*throughPointers=*/true) == field ||
                                   llvm::any_of(S.spawns[i].movedTo, [&](TermId place) {
                                     return S.terms.declaredField(place, /*throughPointers=*/true) == field;
                                   }));
        bool sameGlobal = !field && S.terms[root].kind == TermKind::Global && S.terms.root(handle) == root;
        const bool sameClass = isOwnHandle(handle) && own && own == S.program.function(S.spawns[i].entry).record;
        if ((sameField || sameGlobal || sameClass) && mayMeet(join.function, S.spawns[i].function))
          join.spawns.push_back(i);
      }
    }
  }

  Solution &S;
  llvm::DenseMap<std::uint32_t, std::uint32_t> RegionRoots;                   ///< by spawn
  llvm::DenseMap<std::uint32_t, llvm::SmallVector<std::uint32_t, 2>> LocksAt; ///< by call site
  std::deque<link::FunctionId> Work;
  std::vector<llvm::SmallBitVector> Changed; ///< by function in `Work`: which of its contexts
  std::vector<bool> Reached;
  std::vector<std::pair<link::FunctionId, Context>> Starts; ///< where roots begin
  bool KeepsToPrograms = false, FollowsKinds = false;
};

} // namespace

void findPhases(Solution &solution) {
  PhaseFinder(solution).run();
  for (LockPair &pair : solution.pairs)
    for (const Held &gate : pair.gates)
      pair.gateWords.push_back(solution.word(solution.name(gate.lock, pair.function).key));
  solution.startedBy.resize(solution.spawns.size());
  for (std::uint32_t spawn = 1; spawn < solution.spawns.size(); ++spawn)
    for (const Context &context : solution.contexts[solution.spawns[spawn].function])
      if (std::uint32_t by = solution.roots[context.root].spawn;
          by < solution.startedBy.size() && !llvm::is_contained(solution.startedBy[by], spawn))
        solution.startedBy[by].push_back(spawn);
  solution.callsInto.resize(solution.program.functionCount());
  for (std::uint32_t i = 0; i < solution.callSites.size(); ++i)
    solution.callsInto[solution.callSites[i].callee].push_back(i);
}

std::vector<bool> Solution::withCallers(llvm::ArrayRef<link::FunctionId> functions) const {
  std::vector<bool> found(program.functionCount());
  llvm::SmallVector<link::FunctionId, 16> work(functions);
  while (!work.empty()) {
    const link::FunctionId id = work.pop_back_val();
    if (found[id])
      continue;
    found[id] = true;
    for (std::uint32_t call : callsInto[id])
      work.push_back(callSites[call].caller);
  }
  return found;
}

//===----------------------------------------------------------------------===//
// May happen in parallel
//===----------------------------------------------------------------------===//

namespace {

/// One way in which a pair of acquisitions runs.
struct Execution {
  std::uint32_t root = 0;
  bool parallel = false;
  llvm::SmallVector<std::uint32_t, 4> gates = {};
  llvm::ArrayRef<std::uint32_t> alive = {}; ///< spawns that may run by then
};

} // namespace

static std::vector<Execution> executionsOf(const Solution &s, const LockPair &pair) {
  std::vector<Execution> result;
  llvm::SmallVector<std::uint32_t, 4> own(pair.gateWords.begin(), pair.gateWords.end());
  if (pair.spawn) {
    for (std::uint32_t r = 1; r < s.roots.size(); ++r)
      if (s.roots[r].spawn == pair.spawn)
        result.push_back({r, true, own});
    return result;
  }
  for (const Context &context : s.contexts[pair.function]) {
    Execution execution{context.root, context.parallel || pair.threadsAlive, own};
    execution.gates.append(context.held.begin(), context.held.end());
    if (!pair.threadsAlive)
      execution.alive = context.alive;
    result.push_back(std::move(execution));
  }
  return result;
}

bool Solution::isOver(const LockPair &pair, const Root &root) const {
  return root.spawn && spawns[root.spawn].handle && llvm::is_contained(pair.joined, spawns[root.spawn].handle);
}

bool Solution::mayRunInParallel(const LockPair &a, const LockPair &b, std::string &why, bool &assumed) const {
  why = "both run on one thread";
  bool found = false, certain = false;
  std::string heldA = a.heldName.key, heldB = b.heldName.key;
  auto isOwn = [&](std::uint32_t gate) { return words[gate] == heldA || words[gate] == heldB; };
  for (const Execution &x : executionsOf(*this, a))
    for (const Execution &y : executionsOf(*this, b)) {
      if (x.root == y.root && !roots[x.root].many)
        continue;
      if (!mayShareProcess(x.root, y.root)) {
        why = "they belong to different programs";
        continue;
      }
      if (isOver(a, roots[y.root]) || isOver(b, roots[x.root]) ||
          isPast(*this, roots[x.root], x.alive, roots[y.root]) ||
          isPast(*this, roots[y.root], y.alive, roots[x.root])) {
        why = "one of them runs when the other's thread has ended";
        continue;
      }
      if (!x.parallel || !y.parallel) {
        why = "one of them runs only while no other thread does";
        continue;
      }
      bool gated =
          llvm::any_of(x.gates, [&](std::uint32_t gate) { return !isOwn(gate) && llvm::is_contained(y.gates, gate); });
      if (gated) {
        why = "both run only under one further lock";
        continue;
      }
      found = true;
      certain |= !roots[x.root].isEntryPoint && !roots[y.root].isEntryPoint;
    }
  assumed = found && !certain;
  return found;
}

Solution::Way Solution::wayTo(link::FunctionId function, bool preferSpawned, std::uint32_t wanted) const {
  // Backwards over call sites, breadth first, to the nearest root.
  Way way;
  llvm::DenseMap<link::FunctionId, std::uint32_t> from; // call site that leads down
  std::deque<link::FunctionId> work{function};
  from[function] = ~0u;
  auto rootOf = [&](link::FunctionId id) -> std::uint32_t {
    std::uint32_t best = 0;
    for (const Context &context : contexts[id])
      if (roots[context.root].function == id && (!wanted || wanted == context.root) &&
          (!best || (preferSpawned && roots[context.root].spawn)))
        best = context.root;
    return best;
  };
  link::FunctionId best = 0;
  while (!work.empty()) {
    link::FunctionId id = work.front();
    work.pop_front();
    if (std::uint32_t root = rootOf(id)) {
      if (!best || (preferSpawned && roots[root].spawn && !roots[way.root].spawn)) {
        best = id;
        way.root = root;
      }
      if (!preferSpawned || roots[root].spawn)
        break;
    }
    for (std::uint32_t call : callsInto[id])
      if (from.try_emplace(callSites[call].caller, call).second)
        work.push_back(callSites[call].caller);
  }
  for (link::FunctionId id = best; id && id != function;) {
    std::uint32_t call = from[id];
    way.calls.push_back(call);
    id = callSites[call].callee;
  }
  return way;
}

} // namespace gridlock::solve
