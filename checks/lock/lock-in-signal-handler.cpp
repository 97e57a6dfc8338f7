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
#include <set>

namespace gridlock::checks {

using namespace solve;

static Constants argumentsOf(const Spawn &handler) {
  if (!handler.signal)
    return {};
  return {std::int64_t(handler.signal)};
}

static TraceBuilder beginTrace(const Solution &solution, const Spawn &handler, llvm::ArrayRef<std::uint32_t> calls) {
  TraceBuilder trace(solution, "Signal handler `" + solution.functionName(handler.entry) + "`");
  trace.chain(handler.step, "is installed here");
  for (std::uint32_t row : calls) {
    const CallSite &call = solution.callSites[row];
    trace.at(call.caller, call.location, "calls `" + solution.functionName(call.callee) + "`");
  }
  return trace;
}

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
    const ConstantWalk walk(solution, handler.entry, argumentsOf(handler));
    unsigned findings = 0;
    for (const ConstantWalk::Visit &visit : walk.visits()) {
      const link::FunctionId function = visit.function;
      auto isOpen = [&](const UnsafeAct *act) { return act->ways.areOpen(solution.terms, visit.arguments); };
      for (const UnsafeAct *act : llvm::make_filter_range(acts[function], isOpen)) {
        SourceLocation at = solution.location(function, act->location);
        bool minor = act->what == "other" && llvm::any_of(acts[function], [&](const UnsafeAct *other) {
                       return other->what != "other" && isOpen(other);
                     });
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
        TraceBuilder trace = beginTrace(solution, handler, walk.callsTo(visit));
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
