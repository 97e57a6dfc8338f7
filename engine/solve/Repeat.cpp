//===- Repeat.cpp - Calls whose records are known already -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "engine/solve/LeftOver.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Traces kept for one call; states that differ from all of them are applied
/// in full.
static constexpr std::size_t tracesPerCall = 12;

std::uint64_t FunctionExecutor::callContext(const State &state, const ProcedureSummary &summary, const CallFrame &frame,
                                            std::uint32_t spawn) const {
  std::uint64_t hash = llvm::hash_combine(&summary, frame.call, frame.location, frame.site, frame.destination,
                                          frame.manyTargets, spawn, state.alive.empty());
  for (TermId argument : frame.arguments)
    hash = llvm::hash_combine(hash, argument);
  for (const Held &held : state.locks)
    hash = llvm::hash_combine(hash, held.lock, unsigned(held.mode), held.count, held.byTry, held.group, held.leaked,
                              held.acquiredAt);
  for (const Released &entry : state.released)
    hash = llvm::hash_combine(hash, entry.lock, 1);
  for (const Held &once : state.onces)
    hash = llvm::hash_combine(hash, once.lock, 2);
  for (TermId handle : state.joined)
    hash = llvm::hash_combine(hash, handle, 3);
  return hash;
}

bool FunctionExecutor::isRepeat(State &state, std::uint64_t context) {
  auto found = Traces.find(context);
  if (found == Traces.end())
    return false;
  return llvm::any_of(found->second, [&](const CallTrace &trace) {
    // More facts than then: what a record was under fewer conditions stands.
    auto stillKnown = [&](const Fact &then) {
      const Fact *now = state.fact(then.term);
      return now && *now == then;
    };
    return llvm::all_of(trace.facts, stillKnown) &&
           llvm::all_of(trace.loads, [&](const auto &entry) { return load(state, entry.first) == entry.second; }) &&
           llvm::all_of(trace.decisions, [&](const CallTrace::Decision &decision) {
             return CallTrace::decide(terms(), state, decision.subject) == decision;
           });
  });
}

void FunctionExecutor::instantiateRecords(State &state, const ProcedureSummary &summary, CallFrame &frame,
                                          std::uint32_t spawn) {
  noteTakenOver(Shared, link::FunctionId(&summary - Shared.solution.summaries.data()));
  if (summary.records.empty())
    return;
  std::uint64_t context = callContext(state, summary, frame, spawn);
  bool isKnown = isRepeat(state, context);
  CallTrace trace;
  Substitution substitute(*this, state, frame, false);
  substitute.trace = isKnown ? nullptr : &trace;
  substitute.guess = guessOf(summary, frame);
  if (!spawn)
    findWrongGuesses(state, summary, substitute);
  for (const Record &record : summary.records)
    if (!isKnown || !isTraced(record.kind))
      instantiateRecord(state, record, substitute, frame, spawn);
  if (isKnown || trace.incomplete)
    return;
  auto &traces = Traces[context];
  if (traces.size() == tracesPerCall)
    return;
  trace.facts = inputFacts(state);
  traces.push_back(std::move(trace));
}

/// The results of an earlier round of a call are other values than this
/// round's.
void FunctionExecutor::forgetLastRound(State &state, ir::Index call) {
  if (!LoopCalls.contains(call))
    return;
  auto forget = [&](TermId value) {
    if (state.isKnown(terms(), value))
      state.replace(terms(), value, terms().opaque(OriginKind::Aged, std::int64_t(llvm::hash_combine(value, call))));
  };
  TermId slot = terms().opaque(OriginKind::CallResult, site(8, call));
  if (state.isKnown(terms(), slot))
    state.replace(terms(), slot, terms().opaque(OriginKind::Aged, site(8, call)));
  for (TermId value : LoopResults.lookup(call))
    forget(value);
}

void FunctionExecutor::rememberRound(const States &after, ir::Index call) {
  if (!LoopCalls.contains(call))
    return;
  TermId slot = terms().opaque(OriginKind::CallResult, site(8, call));
  auto &results = LoopResults[call];
  for (const State &state : after) {
    TermId result = state.stored(slot);
    const Term term = terms()[result];
    bool unknown = term.kind == TermKind::Opaque &&
                   (OriginKind(term.a) == OriginKind::CallResult || OriginKind(term.a) == OriginKind::Unknown);
    if (unknown && result != slot && results.size() < 8 && !llvm::is_contained(results, result))
      results.push_back(result);
  }
}

} // namespace gridlock::solve
