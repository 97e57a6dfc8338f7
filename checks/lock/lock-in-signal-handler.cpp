//===- lock-in-signal-handler.cpp ---------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A signal handler takes a lock, or calls what takes one inside: the thread that
// was interrupted may hold it.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include <deque>
#include <set>

namespace gridlock::checks {

using namespace solve;

namespace {

/// Walks down from one handler, remembering the call that led to each function.
class HandlerWalk {
public:
  HandlerWalk(const Solution &solution, const Spawn &handler) : S(solution), Handler(handler) {
    std::deque<link::FunctionId> work{handler.entry};
    From[handler.entry] = ~0u;
    while (!work.empty()) {
      link::FunctionId id = work.front();
      work.pop_front();
      Order.push_back(id);
      for (std::uint32_t call : S.callsFrom[id])
        if (From.try_emplace(S.callSites[call].callee, call).second)
          work.push_back(S.callSites[call].callee);
    }
  }

  const std::vector<link::FunctionId> &functions() const { return Order; }

  TraceBuilder begin(link::FunctionId function) const {
    TraceBuilder trace(S, "Signal handler `" + S.functionName(Handler.entry) + "`");
    trace.chain(Handler.step, "is installed here");
    std::vector<std::uint32_t> calls;
    for (link::FunctionId id = function; From.lookup(id) != ~0u; id = S.callSites[From.lookup(id)].caller)
      calls.push_back(From.lookup(id));
    for (auto call = calls.rbegin(); call != calls.rend(); ++call)
      trace.at(S.callSites[*call].caller, S.callSites[*call].location,
               "calls `" + S.functionName(S.callSites[*call].callee) + "`");
    return trace;
  }

private:
  const Solution &S;
  const Spawn &Handler;
  llvm::DenseMap<link::FunctionId, std::uint32_t> From;
  std::vector<link::FunctionId> Order;
};

} // namespace

/// Findings for one handler.
static constexpr unsigned mostFindings = 3;

static std::string reason(const UnsafeAct &act) {
  if (act.what == "malloc")
    return "`" + act.callee + "` manages memory under a lock that the interrupted code may hold";
  if (act.what == "stdio")
    return "`" + act.callee + "` locks a stream that the interrupted code may hold";
  return "`" + act.callee + "` is not safe in a signal handler";
}

void lockInSignalHandler(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  // The first unsafe act of a kind in a function stands for those after it, and
  // a few findings for a handler: the others are mended with them.
  std::set<std::pair<link::FunctionId, std::string>> reported;
  llvm::DenseMap<link::FunctionId, std::vector<const UnsafeAct *>> acts;
  for (const UnsafeAct &act : solution.unsafe)
    acts[act.function].push_back(&act);
  for (const Spawn &handler : solution.spawns) {
    if (handler.what != "handler" || !handler.entry)
      continue;
    const SignalWindow window = signalWindow(solution, handler);
    if (window.kind == SignalWindow::Never)
      continue;
    HandlerWalk walk(solution, handler);
    unsigned findings = 0;
    for (link::FunctionId function : walk.functions()) {
      for (const UnsafeAct *act : acts[function]) {
        SourceLocation at = solution.location(function, act->location);
        bool minor = act->what == "other" &&
                     llvm::any_of(acts[function], [](const UnsafeAct *other) { return other->what != "other"; });
        if (minor || !reported.insert({function, act->what}).second)
          continue;
        if (++findings > mostFindings)
          break;
        Finding finding = output.make();
        finding.location = at;
        finding.message = "signal handler `" + solution.functionName(handler.entry) + "` " +
                          (act->what == "lock" ? "takes `" + act->callee + "`, which the interrupted thread may hold"
                                               : "reaches code that is not async-signal-safe: " + reason(*act));
        finding.help = "only set a flag or write to a self-pipe in the handler, and do the rest in the main loop";
        finding.identity = {solution.functionName(handler.entry), act->callee};
        finding.confidence = Confidence::High;
        TraceBuilder trace = walk.begin(function);
        trace.at(function, act->location, "calls or takes `" + act->callee + "`");
        finding.threads.push_back(trace.build());
        if (window.kind == SignalWindow::Opened) {
          TraceBuilder opening(solution, "The thread that is interrupted");
          opening.chain(window.change->step, "lets the signal in, which is blocked elsewhere");
          finding.threads.push_back(opening.build());
        } else if (window.kind == SignalWindow::AfterBlock) {
          finding.confidence = Confidence::Low;
          finding.assumptions.push_back("the signal comes between the installation of its handler and the call that "
                                        "blocks it");
        }
        output.add(std::move(finding));
      }
    }
  }
}

} // namespace gridlock::checks
