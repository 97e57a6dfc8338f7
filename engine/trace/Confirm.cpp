//===- Confirm.cpp - Findings of the analysis and runs --------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A thread of a finding takes an outer lock and then wants an inner one. An edge
// that a run saw is the same when the stack of its inner lock has a frame at the
// inner step, and the stack of its outer lock one at the outer step. The lines
// of a call and of its arguments may differ, so within one function two lines
// more or less are the same place.
//
//===----------------------------------------------------------------------===//

#include "engine/trace/Confirm.h"
#include "engine/trace/Why.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include <algorithm>
#include <set>

namespace gridlock::trace {

namespace {

constexpr unsigned LinesApart = 2;
/// As many frames tell a place in the run time's plan apart.
constexpr std::size_t PlanFrames = 4;

bool isSameFile(llvm::StringRef a, llvm::StringRef b) {
  if (a == b)
    return true;
  // One of them may be relative to another folder.
  return llvm::sys::path::filename(a) == llvm::sys::path::filename(b) &&
         (!llvm::sys::path::is_absolute(a) || !llvm::sys::path::is_absolute(b)) && (a.ends_with(b) || b.ends_with(a));
}

/// The last part of a qualified name: the analysis and the compiler do not write
/// all of it alike.
llvm::StringRef lastName(llvm::StringRef function) {
  function = function.take_until([](char c) { return c == '<' || c == '('; });
  return function.substr(function.rfind(':') + 1);
}

bool isAt(const SourceLocation &place, llvm::StringRef placeFunction, const TraceStep &step) {
  if (!place.line || !isSameFile(place.file, step.location.file))
    return false;
  if (place.line == step.location.line)
    return true;
  unsigned apart = place.line > step.location.line ? place.line - step.location.line : step.location.line - place.line;
  return apart <= LinesApart && !lastName(placeFunction).empty() && lastName(placeFunction) == lastName(step.function);
}

/// The two steps of a thread that make an edge of the finding's cycle.
struct StaticEdge {
  const TraceStep *outer = nullptr, *inner = nullptr;
};

StaticEdge stepsOf(const Finding &finding, const CycleEdge &edge) {
  StaticEdge result;
  if (edge.thread >= finding.threads.size())
    return result;
  const std::vector<TraceStep> &steps = finding.threads[edge.thread].steps;
  auto holds = [&](const TraceStep &step) {
    return std::find(step.held.begin(), step.held.end(), edge.from) != step.held.end();
  };
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!holds(steps[i]))
      continue;
    if (i > 0 && !holds(steps[i - 1]))
      result.outer = &steps[i - 1];
    result.inner = &steps[i];
  }
  return result;
}

class Matcher {
public:
  Matcher(const MergedGraph &graph, Symbols &symbols) : Graph(graph), Places(symbols) {}

  std::vector<Observation> find(const StaticEdge &wanted) {
    std::vector<Observation> result;
    if (!wanted.inner)
      return result;
    for (std::size_t t = 0; t < Graph.traces.size(); ++t)
      for (std::size_t e = 0; e < Graph.traces[t].edges.size(); ++e) {
        const Edge &edge = Graph.traces[t].edges[e];
        if (passes(t, edge.innerStack, *wanted.inner) && (!wanted.outer || passes(t, edge.outerStack, *wanted.outer)))
          result.push_back({t, e});
      }
    return result;
  }

private:
  bool passes(std::size_t trace, Id stack, const TraceStep &step) {
    auto [known, isNew] = Known.try_emplace({&step, trace, stack}, false);
    if (isNew)
      for (const SourceFrame &frame : Places.frames(Graph.traces[trace], stack))
        known->second |= isAt(frame.location, frame.function, step);
    return known->second;
  }

  const MergedGraph &Graph;
  Symbols &Places;
  std::map<std::tuple<const TraceStep *, std::size_t, Id>, bool> Known;
};

Confirmation judge(const Finding &finding, std::size_t index, const MergedGraph &graph, Matcher &matcher) {
  Confirmation result;
  result.finding = index;
  std::size_t seen = 0;
  for (const CycleEdge &edge : finding.cycle) {
    result.edges.push_back(matcher.find(stepsOf(finding, edge)));
    if (result.edges.back().empty()) {
      result.notes.push_back("not seen: `" + edge.to + "` taken while `" + edge.from + "` is held");
    } else {
      ++seen;
      result.notes.push_back("seen: `" + edge.to + "` taken while `" + edge.from + "` is held");
    }
  }
  if (seen < finding.cycle.size()) {
    result.verdict = seen ? Verdict::SomeOrders : Verdict::NotExecuted;
    return result;
  }
  std::vector<const std::vector<Observation> *> cycle;
  for (const std::vector<Observation> &edge : result.edges)
    cycle.push_back(&edge);
  std::vector<Observation> choice;
  std::vector<std::string> why;
  if (canDeadlock(graph, cycle, choice, why)) {
    // The places are those of the finding; are the locks the same ones, too?
    bool closes = true;
    for (std::size_t i = 0; i < choice.size(); ++i)
      closes &= graph.edge(choice[i]).to == graph.edge(choice[(i + 1) % choice.size()]).from;
    result.verdict = closes ? Verdict::Seen : Verdict::NeverTogether;
    if (!closes)
      result.notes.push_back("each time with other locks of the same name");
    return result;
  }
  result.verdict = Verdict::NeverTogether;
  for (std::string &reason : why)
    result.notes.push_back(std::move(reason));
  return result;
}

} // namespace

llvm::StringRef toString(Verdict verdict) {
  switch (verdict) {
  case Verdict::Provoked:
    return "confirmed";
  case Verdict::Seen:
    return "seen";
  case Verdict::NeverTogether:
    return "seen, never together";
  case Verdict::SomeOrders:
    return "one order seen";
  case Verdict::NotExecuted:
    return "not executed";
  }
  return "";
}

bool isAbout(const Finding &finding, const Finding &ofRun) {
  for (const CycleEdge &edge : finding.cycle) {
    StaticEdge steps = stepsOf(finding, edge);
    bool found = false;
    for (const ThreadTrace &thread : ofRun.threads)
      for (const TraceStep &step : thread.steps)
        found |= steps.inner && isAt(step.location, step.function, *steps.inner);
    if (!found)
      return false;
  }
  return !finding.cycle.empty();
}

Confirmed confirm(llvm::ArrayRef<Finding> findings, llvm::ArrayRef<Finding> ofRuns, const MergedGraph &graph,
                  Symbols &symbols) {
  Confirmed result;
  Matcher matcher(graph, symbols);
  for (std::size_t i = 0; i < findings.size(); ++i)
    if (!findings[i].cycle.empty() && findings[i].suppressedBy.empty())
      result.confirmations.push_back(judge(findings[i], i, graph, matcher));
  for (const Finding &run : ofRuns) {
    if (run.rule != "lock-order-inversion")
      continue;
    bool known =
        std::any_of(findings.begin(), findings.end(), [&](const Finding &finding) { return isAbout(finding, run); });
    if (!known)
      result.missed.push_back(run);
  }
  return result;
}

std::string provokePlan(const Confirmed &confirmed, const MergedGraph &graph) {
  std::set<std::string> lines;
  auto add = [&](const Observation &seen) {
    const Trace &trace = graph.traces[seen.trace];
    std::string line;
    const Stack &stack = trace.stack(graph.edge(seen).innerStack);
    for (std::size_t i = 0; i < std::min(stack.size(), PlanFrames); ++i) {
      auto module = trace.modules.find(stack[i].module);
      if (module == trace.modules.end())
        break;
      llvm::StringRef name = llvm::sys::path::filename(module->second.path);
      // The thread's start in the C library says nothing, and a plain address
      // differs in the next run.
      if (i > 0 && name.starts_with("libc.so"))
        break;
      line += (line.empty() ? "" : " ") + name.str() + "+0x" + llvm::utohexstr(stack[i].offset, /*LowerCase=*/true);
    }
    if (!line.empty())
      lines.insert(line);
  };
  for (const Confirmation &confirmation : confirmed.confirmations) {
    if (confirmation.verdict != Verdict::Seen && confirmation.verdict != Verdict::NeverTogether)
      continue;
    for (const std::vector<Observation> &edge : confirmation.edges)
      for (const Observation &seen : edge)
        add(seen);
  }
  // Cycles that only runs know: all edges between locks taken in both orders.
  for (const auto &[ends, observations] : graph.edges)
    if (!confirmed.missed.empty() && graph.edges.contains({ends.second, ends.first}))
      for (const Observation &seen : observations)
        add(seen);
  std::string plan;
  for (const std::string &line : lines)
    plan += line + "\n";
  return plan;
}

} // namespace gridlock::trace
