//===- ClaimedThreads.cpp - One thread of a kind at a time ------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The problem. `lock(); if (!running) { running = 1; start(serve); } unlock();`
// stands in a function that many threads call, and `serve` ends with `running = 0`
// under that lock. So many threads run `serve`, but one after the other.
//
// The answer. A path that tests a place and writes it in one section of a lock has
// claimed it; so has one that decides on the old value of an atomic exchange. A
// start notes the claims of its path: those that hold whenever it is started. In
// the end a claim keeps the threads apart when nobody but the thread itself gives
// it back, under the lock. What the thread does after it has given it back may meet
// the next one.
//
// `main` may give the claim back where it shuts down: when nothing that it does
// afterwards leads to the start.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/ClaimedThreads.h"
#include "engine/solve/BodyGraph.h"
#include "engine/solve/Executor.h"
#include "engine/solve/SetUp.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

//===----------------------------------------------------------------------===//
// On the path
//===----------------------------------------------------------------------===//

/// The atomic whose old value a fact is about, when an exchange returned it; 0: none.
static TermId claimedAtomic(const Solution &solution, const Fact &fact) {
  const TermTable &terms = solution.terms;
  TermId leaf = fact.term;
  if (terms[leaf].kind == TermKind::Binary && terms[terms[leaf].b].kind == TermKind::Integer)
    leaf = terms[leaf].a;
  const Contest *contest = contestOf(solution, leaf);
  return contest && contest->how != Contest::Counts ? solution.loadedFrom.lookup(terms[leaf].number) : 0;
}

/// The claims of a path that starts a thread; those count that each start has.
void FunctionExecutor::noteClaims(const State &state, Spawn &spawn, bool isNew) {
  llvm::SmallVector<Claim, 1> claims;
  for (const auto &[place, lock] : state.claimed) {
    const Term &value = terms()[state.stored(place)];
    if (value.kind != TermKind::Integer || !isKnownElsewhere(terms(), place) || !isKnownElsewhere(terms(), lock))
      continue;
    for (const Fact &fact : state.facts())
      if (toldPlace(terms(), fact) == place && !holdsFor(terms(), fact, value.number))
        claims.push_back({fact, place, Shared.solution.lockClass(lock, Function)});
  }
  for (const Fact &fact : state.facts())
    if (TermId place = claimedAtomic(Shared.solution, fact); place && isKnownElsewhere(terms(), place))
      claims.push_back({fact, place, 0});
  if (isNew)
    spawn.claims = std::move(claims);
  else
    llvm::erase_if(spawn.claims, [&](const Claim &claim) { return !llvm::is_contained(claims, claim); });
}

//===----------------------------------------------------------------------===//
// In the end
//===----------------------------------------------------------------------===//

static bool isGlobal(const TermTable &terms, TermId place) {
  return terms[terms.objectOf(place)].kind == TermKind::Global;
}

/// One place, or the same field of an object of which nothing else is known.
static bool isSame(const TermTable &terms, TermId place, TermId claimed) {
  if (place == claimed)
    return true;
  const link::FieldId field = terms.declaredField(claimed);
  return field && field == terms.declaredField(place) && !(isGlobal(terms, place) && isGlobal(terms, claimed));
}

ClaimedThreads::ClaimedThreads(const Solution &solution) : S(solution) {
  for (std::uint32_t spawn = 1; spawn < S.spawns.size(); ++spawn)
    for (const Claim &claim : S.spawns[spawn].claims)
      if (Keeper keeper{claim, {}, true}; isKept(spawn, keeper)) {
        Kept[spawn] = std::move(keeper);
        break;
      }
}

/// Whether some event of a block stands at one of the places.
static bool comesTo(const ir::Unit &unit, const ir::Block &block, llvm::ArrayRef<ir::Index> locations) {
  for (std::uint32_t i = 0; i < block.eventCount; ++i)
    if (llvm::is_contained(locations, unit.events[block.firstEvent + i].location))
      return true;
  return false;
}

/// Whether nobody but the thread gives the claim back.
bool ClaimedThreads::isKept(std::uint32_t spawn, Keeper &keeper) const {
  const Claim &claim = keeper.claim;
  for (const Access &access : S.accesses) {
    const bool isClaim = access.kind == AccessKind::AtomicUpdate &&
                         S.steps[S.innermost(access.step)].function == S.spawns[spawn].function;
    const bool isStore =
        claim.lock ? isWrite(access.kind) : isAtomic(access.kind) && access.kind != AccessKind::AtomicLoad;
    if (!isStore || isClaim || !isSame(S.terms, access.subject, claim.place))
      continue;
    const std::optional<std::int64_t> number = storedBy(S, access);
    if (claim.lock &&
        ((number && !holdsFor(S.terms, claim.fact, *number)) || llvm::is_contained(access.around->unset, claim.fact)))
      continue;
    if (access.spawn) {
      if (access.spawn != spawn)
        return false;
      addGiver(access, keeper);
      continue;
    }
    for (const Context &context : S.contexts[access.function]) {
      const Root &root = S.roots[context.root];
      const bool isBefore = !context.parallel && access.around->alive.empty();
      if (root.spawn == spawn)
        addGiver(access, keeper);
      else if (!isBefore && !root.isEntryPoint && !isTeardown(access, context.root, spawn))
        return false;
    }
  }
  return true;
}

/// Whether a function may end without coming to a place, and returns something.
static bool mayAvoid(const Solution &solution, const Step &place) {
  const link::RowRef &row = solution.program.function(place.function).row;
  const ir::Unit &unit = solution.program.unit(row.unit);
  const ir::Function &body = unit.functions[row.row];
  if (unit.types[body.returnType].kind == ir::TypeKind::Void)
    return false;
  const BodyGraph graph = makeGraph(unit, body);
  std::vector<bool> seen(graph.blocks.size());
  llvm::SmallVector<unsigned, 16> work{0};
  while (!work.empty()) {
    const unsigned block = work.pop_back_val();
    if (seen[block] || comesTo(unit, *graph.blocks[block], {place.location}))
      continue;
    seen[block] = true;
    if (graph.blocks[block]->terminator == ir::TerminatorKind::Return)
      return true;
    work.append(graph.successors[block].begin(), graph.successors[block].end());
  }
  return false;
}

void ClaimedThreads::addGiver(const Access &write, Keeper &keeper) const {
  const Step &at = S.steps[S.innermost(write.step)];
  if (llvm::is_contained(keeper.givers, at.function))
    return;
  keeper.givers.push_back(at.function);
  keeper.asksFirst &= mayAvoid(S, at);
}

/// The functions that lead to one on the thread of a root, and itself.
static llvm::DenseSet<link::FunctionId> leadingTo(const Solution &solution, link::FunctionId function,
                                                  std::uint32_t root) {
  llvm::DenseSet<link::FunctionId> found{function};
  llvm::SmallVector<link::FunctionId, 16> work{function};
  while (!work.empty())
    for (std::uint32_t call : solution.callsInto[work.pop_back_val()]) {
      const link::FunctionId caller = solution.callSites[call].caller;
      if (solution.callSites[call].guess)
        continue;
      const bool runs =
          llvm::any_of(solution.contexts[caller], [&](const Context &context) { return context.root == root; });
      if (runs && found.insert(caller).second)
        work.push_back(caller);
    }
  return found;
}

/// The blocks of a function in which it comes to one of the others, or to a place.
static std::vector<bool> blocksTo(const Solution &solution, const BodyGraph &graph, const ir::Unit &unit,
                                  link::FunctionId function, const llvm::DenseSet<link::FunctionId> &others,
                                  const Step &place) {
  llvm::SmallVector<ir::Index, 8> locations;
  if (place.function == function)
    locations.push_back(place.location);
  for (std::uint32_t call : solution.callsFrom[function])
    if (others.contains(solution.callSites[call].callee))
      locations.push_back(solution.callSites[call].location);
  std::vector<bool> result(graph.blocks.size());
  for (std::size_t b = 0; b < graph.blocks.size(); ++b)
    result[b] = comesTo(unit, *graph.blocks[b], locations);
  return result;
}

/// Whether a write on the thread of `main` comes after all that leads to the start.
bool ClaimedThreads::isTeardown(const Access &write, std::uint32_t root, std::uint32_t spawn) const {
  if (S.roots[root].spawn || S.roots[root].isEntryPoint)
    return false;
  const Step at = S.steps[S.innermost(write.step)], start = S.steps[S.innermost(S.spawns[spawn].step)];
  const auto toWrite = leadingTo(S, at.function, root), toStart = leadingTo(S, start.function, root);
  return llvm::all_of(toWrite, [&](link::FunctionId function) {
    if (!toStart.contains(function))
      return true;
    const link::RowRef &row = S.program.function(function).row;
    const ir::Unit &unit = S.program.unit(row.unit);
    const BodyGraph graph = makeGraph(unit, unit.functions[row.row]);
    const std::vector<bool> writes = blocksTo(S, graph, unit, function, toWrite, at),
                            starts = blocksTo(S, graph, unit, function, toStart, start);
    std::vector<bool> seen(writes.size());
    llvm::SmallVector<unsigned, 16> work;
    auto goOn = [&](unsigned block) {
      for (unsigned next : graph.successors[block])
        if (!seen[next]) {
          seen[next] = true;
          work.push_back(next);
        }
    };
    for (unsigned block = 0; block < writes.size(); ++block)
      if (writes[block]) {
        if (starts[block])
          return false; // which comes first is not looked at
        goOn(block);
      }
    while (!work.empty()) {
      const unsigned block = work.pop_back_val();
      if (starts[block])
        return false;
      goOn(block);
    }
    return true;
  });
}

/// Whether the thread has given the claim back by then. A function that does so only
/// sometimes, and returns whether, is not called again by a thread that goes on; what
/// happens in itself is another matter.
bool ClaimedThreads::hasGivenBack(const AccessRun &run, const Keeper &keeper) const {
  const Access &access = S.accesses[run.access];
  auto isFlag = [&](const HandOver &signal) { return isSame(S.terms, signal.place, keeper.claim.place); };
  const bool may =
      llvm::any_of(access.around->signaled, isFlag) || (run.callers && llvm::any_of(run.callers->signaled, isFlag));
  return may && (!keeper.asksFirst || llvm::is_contained(keeper.givers, S.steps[S.innermost(access.step)].function));
}

/// A write of a starter that has found no thread there, and has not started one yet.
bool ClaimedThreads::isStarters(const AccessRun &run, std::uint32_t spawn, const Claim &claim) const {
  const KeptSurroundings &around = *S.accesses[run.access].around;
  return claim.lock && llvm::is_contained(around.unset, claim.fact) && !llvm::is_contained(around.alive, spawn) &&
         llvm::any_of(run.locks, [&](const NamedLock &held) { return held.classKey == claim.lock; });
}

bool ClaimedThreads::areApart(const AccessRun &a, const AccessRun &b) const {
  const std::uint32_t one = S.roots[a.root].spawn, other = S.roots[b.root].spawn;
  auto isOfObject = [&](const AccessRun &run, const Claim &claim) {
    const TermId subject = S.accesses[run.access].subject;
    return isGlobal(S.terms, claim.place) || S.terms[S.terms.root(subject)].kind != TermKind::Global;
  };
  if (auto kept = Kept.find(one); one == other && kept != Kept.end())
    return isOfObject(a, kept->second.claim) && !hasGivenBack(a, kept->second) && !hasGivenBack(b, kept->second);
  auto isBefore = [&](const AccessRun &starter, const AccessRun &run, std::uint32_t spawn) {
    auto kept = Kept.find(spawn);
    return kept != Kept.end() && isOfObject(run, kept->second.claim) &&
           isStarters(starter, spawn, kept->second.claim) && !hasGivenBack(run, kept->second);
  };
  return isBefore(a, b, other) || isBefore(b, a, one);
}

} // namespace gridlock::solve
