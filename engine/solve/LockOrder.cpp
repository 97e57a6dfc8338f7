//===- LockOrder.cpp - Cycles in the order of locks -------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From each class a depth-first search over classes leads back to it, short cycles
// before long ones, at most `longestCycle` edges. For each step between two
// classes the candidates are all pairs between them; a bounded search picks a
// combination that passes the conditions. Cycles over the same set of classes are
// one finding. Both searches end at a limit, and what lies behind it is not told.
//
// Two named objects of one class are one class, but may be locked in both
// orders all the same. So there is a second search, over the names of objects,
// for the cycles in which a class occurs more than once.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/LockOrder.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace gridlock::solve {

static constexpr unsigned longestCycle = 6;
static constexpr unsigned combinationLimit = 4000;
/// Steps of the search for cycles; graphs of real programs stay far below.
static constexpr std::size_t exploreLimit = 200000;

bool mayBeSameLock(const LockName &a, const LockName &b, bool &assumed) {
  if (a.part && b.part && a.part != b.part)
    return false;
  if (a.key == b.key) {
    assumed |= !a.exact;
    return true;
  }
  if (a.classKey != b.classKey || a.generic || b.generic || (a.exact && b.exact))
    return false;
  assumed = true;
  return true;
}

bool mayBeSameCondition(const LockName &a, const LockName &b) {
  bool assumed = false;
  return !a.generic && !b.generic && mayBeSameLock(a, b, assumed);
}

bool callersHold(const Solution &solution, link::FunctionId function, const LockName &lock) {
  const std::vector<Context> &contexts = solution.contexts[function];
  return !contexts.empty() && llvm::all_of(contexts, [&](const Context &context) {
    return llvm::any_of(context.held, [&](std::uint32_t key) {
      return solution.words[key] == lock.key || solution.words[key] == lock.classKey;
    });
  });
}

namespace {

class CycleFinder {
public:
  enum class Nodes { Classes, Objects };

  CycleFinder(const Solution &solution, Nodes nodes) : S(solution), NodesAre(nodes) {
    for (const LockPair &pair : S.pairs) {
      if (!usable(pair) || (NodesAre == Nodes::Objects && !isOfNamedObjects(pair)))
        continue;
      std::uint32_t from = node(pair.heldName, pair), to = node(pair.acquiredName, pair);
      if (from != to)
        Between[{from, to}].push_back(&pair);
    }
    for (auto &[ends, pairs] : Between) {
      Next[ends.first].push_back(ends.second);
      // Certain pairs first: they make the better story.
      llvm::stable_sort(pairs, [](const LockPair *a, const LockPair *b) { return rank(*a) < rank(*b); });
    }
  }

  std::vector<LockCycle> run() {
    std::vector<LockCycle> cycles;
    for (unsigned length = 2; length <= longestCycle; ++length)
      for (auto &[first, successors] : Next) {
        Path = {first};
        extend(first, length, cycles);
      }
    return cycles;
  }

private:
  static unsigned rank(const LockPair &pair) {
    return unsigned(!pair.heldName.exact) + unsigned(!pair.acquiredName.exact) + 4 * unsigned(pair.manyTargets);
  }

  static bool usable(const LockPair &pair) {
    return !pair.byTry && !pair.heldName.generic && !pair.acquiredName.generic &&
           pair.traits.kind != model::LockKind::Semaphore && pair.held.traits.kind != model::LockKind::Semaphore;
  }

  static bool haveOtherParts(const LockPair &pair) {
    const LockName &held = pair.heldName, &acquired = pair.acquiredName;
    return held.part && acquired.part && held.part != acquired.part;
  }

  /// What tells the objects of one class apart: the part that they play in their
  /// owner, or their own names.
  static std::string objectOf(const LockName &name, bool byPart) {
    if (byPart)
      return name.classKey + " in " + std::to_string(name.part);
    if (name.fromGlobal)
      return "from global " + std::to_string(name.fromGlobal);
    if (name.exact)
      return name.key;
    return name.part ? objectOf(name, true) : std::string();
  }

  /// Objects that change places between calls of one function are another rule's.
  static bool isOfNamedObjects(const LockPair &pair) {
    bool areNamed = !objectOf(pair.heldName, false).empty() && !objectOf(pair.acquiredName, false).empty();
    return haveOtherParts(pair) || (areNamed && !pair.metAsInputs);
  }

  /// Among classes, exact locks share the class's node: what tells them apart is
  /// looked at when the cycle is checked.
  std::uint32_t node(const LockName &name, const LockPair &pair) {
    std::string key = NodesAre == Nodes::Classes ? name.classKey : objectOf(name, haveOtherParts(pair));
    auto [entry, isNew] = Numbers.try_emplace(key, std::uint32_t(Numbers.size() + 1));
    if (isNew)
      ClassOf[entry->second] = name.classKey;
    return entry->second;
  }

  /// Whether the other search cannot see the cycle.
  bool hasClassTwice() const {
    std::set<llvm::StringRef> classes;
    for (std::uint32_t node : Path)
      classes.insert(ClassOf.find(node)->second);
    return classes.size() < Path.size();
  }

  void extend(std::uint32_t first, unsigned length, std::vector<LockCycle> &cycles) {
    std::uint32_t last = Path.back();
    for (std::uint32_t next : Next[last]) {
      if (Path.size() == length) {
        if (next == first)
          accept(cycles);
        continue;
      }
      // The smallest node starts the cycle, so each rotation is seen once.
      if (next <= first || llvm::is_contained(Path, next))
        continue;
      Path.push_back(next);
      extend(first, length, cycles);
      Path.pop_back();
      if (++Explored > exploreLimit)
        return;
    }
  }

  void accept(std::vector<LockCycle> &cycles) {
    std::set<std::uint32_t> nodes(Path.begin(), Path.end());
    // A cycle through the locks of one that is already reported adds nothing.
    for (const std::set<std::uint32_t> &known : Reported)
      if (std::includes(nodes.begin(), nodes.end(), known.begin(), known.end()))
        return;
    if (NodesAre == Nodes::Objects && !hasClassTwice())
      return;
    LockCycle cycle;
    unsigned budget = combinationLimit;
    if (!choose(cycle, 0, budget))
      return;
    Reported.push_back(std::move(nodes));
    cycles.push_back(std::move(cycle));
  }

  /// Picks a pair for each edge so that all conditions hold.
  bool choose(LockCycle &cycle, std::size_t edge, unsigned &budget) {
    if (edge == Path.size())
      return feasible(cycle);
    const auto &candidates = Between[{Path[edge], Path[(edge + 1) % Path.size()]}];
    for (const LockPair *pair : candidates) {
      if (budget == 0)
        return false;
      --budget;
      if (edge > 0 && !meets(*cycle.pairs.back(), *pair))
        continue;
      cycle.pairs.push_back(pair);
      if (choose(cycle, edge + 1, budget))
        return true;
      cycle.pairs.pop_back();
    }
    return false;
  }

  /// The lock that `waiting` waits for may be the one that `holding` holds, in
  /// modes that exclude each other.
  static bool meets(const LockPair &waiting, const LockPair &holding) {
    bool assumed = false;
    bool shared = waiting.mode == model::LockMode::Shared && holding.held.mode == model::LockMode::Shared;
    return !shared && mayBeSameLock(waiting.acquiredName, holding.heldName, assumed);
  }

  bool feasible(LockCycle &cycle) {
    if (cycle.pairs.empty() || !meets(*cycle.pairs.back(), *cycle.pairs.front()))
      return false;
    cycle.assumedEntry = cycle.assumedSameObject = cycle.manyTargets = false;
    for (std::size_t i = 0; i < cycle.pairs.size(); ++i) {
      const LockPair &pair = *cycle.pairs[i], &next = *cycle.pairs[(i + 1) % cycle.pairs.size()];
      mayBeSameLock(pair.acquiredName, next.heldName, cycle.assumedSameObject);
      cycle.manyTargets |= pair.manyTargets;
      for (std::size_t j = i + 1; j < cycle.pairs.size(); ++j) {
        std::string why;
        bool assumed = false;
        if (!S.mayRunInParallel(pair, *cycle.pairs[j], why, assumed))
          return false;
        cycle.assumedEntry |= assumed;
      }
    }
    return true;
  }

  const Solution &S;
  const Nodes NodesAre;
  llvm::StringMap<std::uint32_t> Numbers;
  std::map<std::uint32_t, std::string> ClassOf;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<const LockPair *>> Between;
  std::map<std::uint32_t, std::vector<std::uint32_t>> Next;
  std::vector<std::uint32_t> Path;
  std::vector<std::set<std::uint32_t>> Reported;
  std::size_t Explored = 0;
};

} // namespace

std::vector<LockCycle> findLockCycles(const Solution &solution) {
  std::vector<LockCycle> cycles = CycleFinder(solution, CycleFinder::Nodes::Classes).run();
  llvm::append_range(cycles, CycleFinder(solution, CycleFinder::Nodes::Objects).run());
  return cycles;
}

} // namespace gridlock::solve
