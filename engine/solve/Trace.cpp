//===- Trace.cpp - From facts to the steps of a finding ---------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Trace.h"
#include "llvm/Support/Path.h"

namespace gridlock::solve {

void TraceBuilder::add(link::FunctionId function, ir::Index location, std::string message, unsigned depth) {
  TraceStep step;
  step.location = S.location(function, location);
  step.message = std::move(message);
  step.held = HeldNow;
  step.depth = depth;
  step.function = S.functionName(function);
  if (step.location.line)
    Trace.steps.push_back(std::move(step));
}

TraceBuilder &TraceBuilder::wayTo(link::FunctionId function, bool preferSpawned) {
  return follow(S.wayTo(function, preferSpawned));
}

TraceBuilder &TraceBuilder::wayTo(link::FunctionId function, std::uint32_t root) {
  return follow(S.wayTo(function, false, root));
}

TraceBuilder &TraceBuilder::follow(const Solution::Way &way) {
  if (!way.root)
    return *this;
  const Root &root = S.roots[way.root];
  std::string name = S.functionName(root.function);
  if (root.spawn) {
    const Spawn &spawn = S.spawns[root.spawn];
    SourceLocation at = S.location(spawn.step);
    Trace.title += root.isHandler ? ": signal handler `" : ": runs `";
    Trace.title += name + "`, started at " + llvm::sys::path::filename(at.file).str() + ":" + std::to_string(at.line);
  } else if (root.isEntryPoint) {
    Trace.title += ": enters through `" + name + "`";
  } else {
    Trace.title += ": `" + name + "`";
  }
  Depth = 0;
  for (std::uint32_t index : way.calls) {
    const CallSite &call = S.callSites[index];
    add(call.caller, call.location, "calls `" + S.functionName(call.callee) + "`", Depth++);
  }
  return *this;
}

TraceBuilder &TraceBuilder::spawnedBy(std::uint32_t spawn) {
  Thread = spawn;
  const Spawn &row = S.spawns[spawn];
  SourceLocation at = S.location(S.innermost(row.step));
  Trace.title += ": runs `" + S.functionName(row.entry) + "`, started at " + llvm::sys::path::filename(at.file).str() +
                 ":" + std::to_string(at.line);
  return *this;
}

TraceBuilder &TraceBuilder::chain(StepId step, std::string message) {
  unsigned depth = Depth;
  std::vector<Step> calls;
  bool repeats = true;
  for (; S.steps[step].inner; step = S.steps[step].inner) {
    const Step &call = S.steps[step];
    repeats = repeats && calls.size() < Told.size() && Told[calls.size()].function == call.function &&
              Told[calls.size()].location == call.location;
    link::FunctionId callee = S.steps[call.inner].function;
    bool starts = Thread && callee == S.spawns[Thread].entry;
    if (!repeats)
      add(call.function, call.location, (starts ? "starts `" : "calls `") + S.functionName(callee) + "`", depth);
    ++depth;
    calls.push_back(call);
  }
  Told = std::move(calls);
  add(S.steps[step].function, S.steps[step].location, std::move(message), depth);
  return *this;
}

TraceBuilder &TraceBuilder::at(link::FunctionId function, ir::Index location, std::string message) {
  add(function, location, std::move(message), Depth);
  return *this;
}

std::string modeText(model::LockMode mode) {
  switch (mode) {
  case model::LockMode::Shared:
    return " for reading";
  case model::LockMode::Upgrade:
    return " for upgrading";
  default:
    return "";
  }
}

} // namespace gridlock::solve
