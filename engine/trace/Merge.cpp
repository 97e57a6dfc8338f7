//===- Merge.cpp - The lock-order graph of several runs -------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/trace/Merge.h"
#include "engine/trace/Findings.h"
#include "engine/trace/Why.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include <algorithm>
#include <functional>
#include <set>

namespace gridlock::trace {

namespace {

using Member = std::pair<std::size_t, Id>; ///< (trace, lock)

/// Joins what is the same lock in different traces.
class Joiner {
public:
  Joiner(llvm::ArrayRef<Trace> traces, Symbols &symbols) {
    for (const Trace &trace : traces)
      Names.emplace_back(trace, symbols);
    std::map<std::string, Member> byKey;
    /// For locks without a key: the place, and how many locks each trace takes
    /// there.
    std::map<std::string, std::map<std::size_t, std::vector<Id>>> bySite;
    for (std::size_t t = 0; t < traces.size(); ++t)
      for (const auto &[id, lock] : traces[t].locks) {
        Member member{t, id};
        Classes.insert(member);
        const std::string &key = Names[t].key(id);
        if (!key.empty()) {
          auto [first, isNew] = byKey.try_emplace(key, member);
          if (!isNew)
            Classes.unionSets(first->second, member);
          continue;
        }
        for (const std::string &site : Names[t].sites(id))
          bySite[site][t].push_back(id);
      }
    for (const auto &[site, takers] : bySite) {
      if (std::any_of(takers.begin(), takers.end(), [](const auto &entry) { return entry.second.size() != 1; }))
        continue;
      Member first{takers.begin()->first, takers.begin()->second.front()};
      for (const auto &[trace, ids] : takers)
        Classes.unionSets(first, {trace, ids.front()});
    }
  }

  llvm::EquivalenceClasses<Member> Classes;
  std::deque<LockNames> Names;
};

std::string placeOf(const MergedGraph &graph, const Observation &seen, bool inner, Symbols &symbols) {
  const Edge &edge = graph.edge(seen);
  const SourceFrame *frame = symbols.userFrame(graph.traces[seen.trace], inner ? edge.innerStack : edge.outerStack);
  if (!frame)
    return "unknown place";
  return shortPlace(*frame) + (frame->function.empty() ? "" : " in " + frame->function);
}

/// Locks from which a way leads back, by a number for each component.
std::vector<std::size_t> componentsOf(const MergedGraph &graph) {
  std::size_t count = graph.locks.size();
  std::vector<std::vector<std::size_t>> next(count);
  for (const auto &[ends, seen] : graph.edges)
    next[ends.first].push_back(ends.second);
  // Tarjan; graphs of named locks are small enough to recurse by hand.
  std::vector<std::size_t> number(count, 0), low(count, 0), component(count, 0), stack, path, at(count, 0);
  std::vector<bool> onStack(count, false);
  std::size_t counter = 0, components = 0;
  for (std::size_t root = 0; root < count; ++root) {
    if (number[root])
      continue;
    path.push_back(root);
    while (!path.empty()) {
      std::size_t lock = path.back();
      if (!number[lock]) {
        number[lock] = low[lock] = ++counter;
        stack.push_back(lock);
        onStack[lock] = true;
      }
      if (at[lock] < next[lock].size()) {
        std::size_t other = next[lock][at[lock]++];
        if (!number[other])
          path.push_back(other);
        else if (onStack[other])
          low[lock] = std::min(low[lock], number[other]);
        continue;
      }
      path.pop_back();
      if (!path.empty())
        low[path.back()] = std::min(low[path.back()], low[lock]);
      if (low[lock] != number[lock])
        continue;
      ++components;
      std::size_t member;
      do {
        member = stack.back();
        stack.pop_back();
        onStack[member] = false;
        component[member] = components;
      } while (member != lock);
    }
  }
  return component;
}

} // namespace

MergedGraph mergeTraces(llvm::ArrayRef<Trace> traces, Symbols &symbols) {
  MergedGraph graph;
  graph.traces = traces;
  Joiner joiner(traces, symbols);
  for (std::size_t t = 0; t < traces.size(); ++t)
    for (const auto &[id, lock] : traces[t].locks) {
      Member leader = *joiner.Classes.findLeader(Member{t, id});
      auto [known, isNew] = graph.index.try_emplace(leader, graph.locks.size());
      if (isNew)
        graph.locks.push_back({joiner.Names[leader.first].description(leader.second),
                               joiner.Names[leader.first].name(leader.second),
                               0,
                               {}});
      std::size_t index = known->second;
      graph.index[{t, id}] = index;
      MergedLock &merged = graph.locks[index];
      ++merged.members;
      for (const std::string &site : joiner.Names[t].sites(id))
        merged.sites.push_back(site);
    }
  for (MergedLock &lock : graph.locks) {
    std::sort(lock.sites.begin(), lock.sites.end());
    lock.sites.erase(std::unique(lock.sites.begin(), lock.sites.end()), lock.sites.end());
  }
  for (std::size_t t = 0; t < traces.size(); ++t)
    for (std::size_t e = 0; e < traces[t].edges.size(); ++e) {
      const Edge &edge = traces[t].edges[e];
      graph.edges[{graph.index.at({t, edge.from}), graph.index.at({t, edge.to})}].push_back({t, e});
    }
  return graph;
}

std::vector<std::size_t> MergedGraph::find(llvm::StringRef text) const {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < locks.size(); ++i)
    if (text == locks[i].plainName || text == locks[i].name)
      result.push_back(i);
  for (std::size_t i = 0; i < locks.size() && result.empty(); ++i)
    if (llvm::StringRef(locks[i].name).contains(text))
      result.push_back(i);
  if (!result.empty())
    return result;
  for (std::size_t i = 0; i < locks.size(); ++i)
    if (std::any_of(locks[i].sites.begin(), locks[i].sites.end(),
                    [&](const std::string &site) { return llvm::StringRef(site).contains(text); }))
      result.push_back(i);
  return result;
}

std::vector<Finding> cyclesAcrossRuns(const MergedGraph &graph, Symbols &symbols) {
  std::vector<Finding> findings;
  for (const auto &[ends, forward] : graph.edges) {
    if (ends.first >= ends.second)
      continue;
    auto back = graph.edges.find({ends.second, ends.first});
    if (back == graph.edges.end())
      continue;
    // Within one process the run time has judged it.
    std::set<std::size_t> first, second;
    for (const Observation &seen : forward)
      first.insert(seen.trace);
    for (const Observation &seen : back->second)
      second.insert(seen.trace);
    bool together = std::any_of(first.begin(), first.end(), [&](std::size_t trace) { return second.contains(trace); });
    if (together)
      continue;
    Finding finding;
    finding.rule = "lock-order-inversion";
    finding.message = "locks " + graph.locks[ends.first].name + " and " + graph.locks[ends.second].name +
                      " are taken in both orders, in different runs";
    finding.help =
        "take these locks in one order everywhere, or together: std::scoped_lock(a, b), or gridlock::acquire";
    finding.severity = Severity::Warning;
    finding.confidence = Confidence::Low;
    finding.assumptions.push_back("the runs are of one program, and it can do both at the same time");
    for (const Observation *seen : {&forward.front(), &back->second.front()}) {
      const Trace &trace = graph.traces[seen->trace];
      const Edge &edge = graph.edge(*seen);
      bool isForward = seen == &forward.front();
      const MergedLock &outer = graph.locks[isForward ? ends.first : ends.second];
      const MergedLock &inner = graph.locks[isForward ? ends.second : ends.first];
      ThreadTrace thread;
      thread.title = threadTitle(trace, edge.thread) + " of process " + std::to_string(trace.process);
      std::vector<SourceFrame> last;
      addSteps(thread, trace, edge.outerStack, "took " + outer.name, {}, symbols, last);
      addSteps(thread, trace, edge.innerStack, "wanted " + inner.name + ", still holding it", {outer.plainName},
               symbols, last);
      finding.location = thread.steps.back().location;
      finding.cycle.push_back({outer.plainName, inner.plainName, static_cast<unsigned>(finding.threads.size())});
      finding.threads.push_back(std::move(thread));
    }
    finding.identity = {graph.locks[ends.first].plainName, graph.locks[ends.second].plainName};
    findings.push_back(std::move(finding));
  }
  finalizeFindings(findings);
  return findings;
}

void writeDot(const MergedGraph &graph, Symbols &symbols, llvm::raw_ostream &os) {
  std::vector<std::size_t> component = componentsOf(graph);
  auto quoted = [](llvm::StringRef text) {
    std::string result = "\"";
    for (char c : text) {
      if (c == '"' || c == '\\')
        result += '\\';
      result += c;
    }
    return result + "\"";
  };
  os << "digraph locks {\n  node [shape=box];\n";
  for (std::size_t i = 0; i < graph.locks.size(); ++i)
    os << "  L" << i << " [label=" << quoted(graph.locks[i].name) << "];\n";
  for (const auto &[ends, seen] : graph.edges) {
    bool onCycle = ends.first != ends.second && component[ends.first] == component[ends.second];
    os << "  L" << ends.first << " -> L" << ends.second
       << " [label=" << quoted(placeOf(graph, seen.front(), true, symbols)) << (onCycle ? ", color=red" : "") << "];\n";
  }
  os << "}\n";
}

void writeJson(const MergedGraph &graph, Symbols &symbols, llvm::raw_ostream &os) {
  std::vector<std::size_t> component = componentsOf(graph);
  llvm::json::OStream json(os, 2);
  json.object([&] {
    json.attribute("version", 1);
    json.attributeArray("locks", [&] {
      for (const MergedLock &lock : graph.locks)
        json.object([&] {
          json.attribute("name", llvm::json::fixUTF8(lock.name));
          json.attribute("members", static_cast<std::int64_t>(lock.members));
          json.attributeArray("taken", [&] {
            for (const std::string &site : lock.sites)
              json.value(llvm::json::fixUTF8(site));
          });
        });
    });
    json.attributeArray("edges", [&] {
      for (const auto &[ends, seen] : graph.edges)
        json.object([&] {
          json.attribute("from", static_cast<std::int64_t>(ends.first));
          json.attribute("to", static_cast<std::int64_t>(ends.second));
          json.attribute("seen", static_cast<std::int64_t>(seen.size()));
          json.attribute("onCycle", ends.first != ends.second && component[ends.first] == component[ends.second]);
          json.attribute("outer", llvm::json::fixUTF8(placeOf(graph, seen.front(), false, symbols)));
          json.attribute("inner", llvm::json::fixUTF8(placeOf(graph, seen.front(), true, symbols)));
        });
    });
  });
  os << "\n";
}

void writeText(const MergedGraph &graph, Symbols &symbols, llvm::raw_ostream &os) {
  std::vector<std::size_t> component = componentsOf(graph);
  for (const auto &[ends, seen] : graph.edges) {
    bool onCycle = ends.first != ends.second && component[ends.first] == component[ends.second];
    os << graph.locks[ends.first].name << " -> " << graph.locks[ends.second].name << (onCycle ? "  (on a cycle)" : "")
       << "\n    held since " << placeOf(graph, seen.front(), false, symbols) << ", wanted at "
       << placeOf(graph, seen.front(), true, symbols) << "\n";
  }
}

} // namespace gridlock::trace
