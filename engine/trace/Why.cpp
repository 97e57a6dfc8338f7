//===- Why.cpp - Why a cycle was or was not reported ----------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/trace/Why.h"
#include "engine/trace/Findings.h"
#include <algorithm>
#include <map>
#include <set>

namespace gridlock::trace {

namespace {

/// Combinations of observations that are looked at for one cycle.
constexpr std::size_t MostCombinations = 10000;
/// Reasons that are told for one cycle.
constexpr std::size_t MostReasons = 12;

const Held *findHeld(const Edge &edge, Id lock) {
  auto found = std::find_if(edge.held.begin(), edge.held.end(), [&](const Held &held) { return held.lock == lock; });
  return found == edge.held.end() ? nullptr : &*found;
}

std::string orderReason(const Trace &trace, const Edge &a, const Edge &b) {
  const Edge &earlier = a.segment < b.segment ? a : b, &later = a.segment < b.segment ? b : a;
  return "the part of " + threadTitle(trace, earlier.thread) + " was over before that of " +
         threadTitle(trace, later.thread) + " began: a join or the creation of a thread lies between";
}

} // namespace

Obstacle obstacleBetween(const MergedGraph &graph, const Observation &first, const Observation &second) {
  if (first.trace != second.trace)
    return {Obstacle::DifferentRuns, "seen in different processes or runs"};
  const Trace &trace = graph.traces[first.trace];
  const Edge &a = graph.edge(first), &b = graph.edge(second);
  if (a.thread == b.thread)
    return {Obstacle::OneThread, "both in " + threadTitle(trace, a.thread)};
  if (!mayRunInParallel(trace, a.segment, b.segment))
    return {Obstacle::Ordered, orderReason(trace, a, b)};
  for (const Held &held : a.held) {
    const Held *other = findHeld(b, held.lock);
    if (other && !(held.shared && other->shared))
      return {Obstacle::Gate,
              "both were done with " + graph.locks[graph.index.at({first.trace, held.lock})].name + " held: a gate"};
  }
  return {};
}

bool canDeadlock(const MergedGraph &graph, llvm::ArrayRef<const std::vector<Observation> *> cycle,
                 std::vector<Observation> &choice, std::vector<std::string> &why) {
  std::set<std::string> reasons;
  std::size_t tried = 0;
  choice.clear();
  // Whether the holder in `second` really stops the waiter in `first`.
  auto stops = [&](const Observation &first, const Observation &second) {
    const Edge &waiter = graph.edge(first), &holder = graph.edge(second);
    const Held *held = findHeld(holder, holder.from);
    return !(waiter.shared && held && held->shared);
  };
  auto extend = [&](auto &&self, std::size_t depth) -> bool {
    if (depth == cycle.size()) {
      if (stops(choice.back(), choice.front()))
        return true;
      reasons.insert("both only read: readers do not stop each other");
      return false;
    }
    for (const Observation &next : *cycle[depth]) {
      if (++tried > MostCombinations)
        return false;
      Obstacle obstacle;
      for (const Observation &chosen : choice)
        if (obstacle.kind == Obstacle::None)
          obstacle = obstacleBetween(graph, chosen, next);
      if (obstacle.kind == Obstacle::None && !choice.empty() && !stops(choice.back(), next))
        obstacle = {Obstacle::Readers, "both only read: readers do not stop each other"};
      if (obstacle.kind != Obstacle::None) {
        reasons.insert(obstacle.reason);
        continue;
      }
      choice.push_back(next);
      if (self(self, depth + 1))
        return true;
      choice.pop_back();
    }
    return false;
  };
  if (extend(extend, 0))
    return true;
  for (const std::string &reason : reasons)
    if (why.size() < MostReasons)
      why.push_back(reason);
  return false;
}

namespace {

/// The shortest way from one lock to another, as locks; empty: there is none.
std::vector<std::size_t> pathBetween(const MergedGraph &graph, std::size_t from, std::size_t to) {
  std::map<std::size_t, std::size_t> cameFrom;
  std::vector<std::size_t> wave{from};
  for (std::size_t i = 0; i < wave.size() && !cameFrom.contains(to); ++i)
    for (auto at = graph.edges.lower_bound({wave[i], 0}); at != graph.edges.end() && at->first.first == wave[i]; ++at)
      if (at->first.second != from && cameFrom.try_emplace(at->first.second, wave[i]).second)
        wave.push_back(at->first.second);
  if (!cameFrom.contains(to))
    return {};
  std::vector<std::size_t> path{to};
  while (path.back() != from)
    path.push_back(cameFrom[path.back()]);
  std::reverse(path.begin(), path.end());
  return path;
}

void describe(const MergedGraph &graph, const Observation &seen, Symbols &symbols, llvm::raw_ostream &os) {
  const Trace &trace = graph.traces[seen.trace];
  const Edge &edge = graph.edge(seen);
  auto place = [&](Id stack) {
    const SourceFrame *frame = symbols.userFrame(trace, stack);
    return frame ? shortPlace(*frame) + (frame->function.empty() ? "" : " in " + frame->function)
                 : std::string("an unknown place");
  };
  os << "    " << threadTitle(trace, edge.thread) << " took "
     << graph.locks[graph.index.at({seen.trace, edge.from})].name << " at " << place(edge.outerStack)
     << "\n      and wanted " << graph.locks[graph.index.at({seen.trace, edge.to})].name
     << (edge.shared ? " for reading" : "") << " at " << place(edge.innerStack) << "\n";
}

void explainWays(const MergedGraph &graph, std::size_t a, std::size_t b, Symbols &symbols, llvm::raw_ostream &os) {
  std::vector<std::size_t> there = pathBetween(graph, a, b), back = pathBetween(graph, b, a);
  const std::string &first = graph.locks[a].name, &second = graph.locks[b].name;
  if (there.empty() && back.empty()) {
    os << first << " and " << second << ": no thread took one while it held the other, not even by way of others\n";
    return;
  }
  std::vector<const std::vector<Observation> *> cycle;
  std::vector<std::size_t> *ways[] = {&there, &back};
  for (std::vector<std::size_t> *way : ways)
    for (std::size_t i = 0; i + 1 < way->size(); ++i) {
      const std::vector<Observation> &seen = graph.edges.at({(*way)[i], (*way)[i + 1]});
      cycle.push_back(&seen);
      os << "  " << graph.locks[(*way)[i]].name << " before " << graph.locks[(*way)[i + 1]].name << ", seen "
         << seen.size() << (seen.size() == 1 ? " time:\n" : " times:\n");
      describe(graph, seen.front(), symbols, os);
    }
  if (there.empty() || back.empty()) {
    os << "one order was seen, " << (there.empty() ? second : first) << " before " << (there.empty() ? first : second)
       << "; no way leads back, so there is no cycle\n";
    return;
  }
  std::vector<Observation> choice;
  std::vector<std::string> why;
  if (canDeadlock(graph, cycle, choice, why)) {
    os << "this can deadlock: the threads can be there at the same time\n";
    return;
  }
  os << "not reported, as no choice of these can happen at the same time:\n";
  for (const std::string &reason : why)
    os << "  - " << reason << "\n";
}

} // namespace

bool explainPair(const MergedGraph &graph, llvm::StringRef a, llvm::StringRef b, Symbols &symbols,
                 llvm::raw_ostream &os) {
  std::vector<std::size_t> first = graph.find(a), second = graph.find(b);
  for (auto &[name, found] : {std::pair(a, &first), std::pair(b, &second)})
    if (found->empty()) {
      os << "no lock is called '" << name << "'; the nested locks are:\n";
      for (const MergedLock &lock : graph.locks)
        os << "  " << lock.name << "\n";
      return false;
    }
  for (std::size_t i : first)
    for (std::size_t k : second)
      if (i != k)
        explainWays(graph, i, k, symbols, os);
  return true;
}

} // namespace gridlock::trace
