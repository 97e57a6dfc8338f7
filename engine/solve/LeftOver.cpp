//===- LeftOver.cpp - Records that no caller has taken over -----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The call graph says that a function has callers; whether any of their paths comes
// to the call is another question. A call through a table with too many entries is
// not followed, a caller may use up its budget before it, and functions that only
// call each other have no caller that begins. What such a function hands on arrives
// nowhere. So who has taken over a function's records is noted as it happens, and
// what is left over in the end becomes final where it is. A caller that knows better
// (the child is bounded, the condition is never met) has taken the record over: what
// it drops is not left over.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/LeftOver.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

ChildWait waitOf(const Record &record, link::FunctionId function) {
  ChildWait fact;
  fact.function = function;
  fact.step = record.step;
  fact.callee = record.what;
  fact.child = record.subject;
  fact.held.append(record.held.begin(), record.held.end());
  fact.afterTerminate = record.group & ChildWaitAfterTerminate;
  fact.manyTargets = record.throughManyTargets;
  fact.outcomeIgnored = record.group & ChildWaitIgnored;
  fact.spawn = record.spawn == ~0u ? 0 : record.spawn;
  return fact;
}

void noteTakenOver(Engine &engine, link::FunctionId function) {
  if (engine.finalPass && !llvm::is_contained(engine.cycle, function))
    engine.takenOver[function] = true;
}

void finishLeftOver(Engine &engine) {
  Solution &solution = engine.solution;
  for (link::FunctionId id = 1; id < engine.program.functionCount(); ++id) {
    const bool isLeftOver = engine.hasCallers[id] && !engine.takenOver[id];
    if (!isLeftOver)
      continue;
    for (const Record &record : solution.summaries[id].records)
      if (record.kind == RecordKind::ChildWait && !record.extra)
        solution.processes.waits.push_back(waitOf(record, id));
    for (const Outcome &outcome : solution.summaries[id].outcomes)
      for (std::uint32_t conflict : outcome.pipeConflicts)
        solution.pipeConflicts[conflict].isConfirmed = true;
  }
}

} // namespace gridlock::solve
