//===- Captures.cpp - What lambdas kept for later captured ------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A job of a pool is called by a worker that does not know which object the job
// captured as `this`: the worker's accesses are on "what this lambda captured".
// Which objects those are is known where the lambdas are made, so that goes up to
// the callers until its name means the same everywhere, as accesses do.
//
// One object captured twice by one lambda may have two of its jobs run at a time;
// one captured once has only the one. Twice is: at two places, or in a loop that
// does not change the object.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Captures that a summary hands on.
static constexpr std::size_t captureLimit = 48;
/// Objects kept for one lambda.
static constexpr std::size_t objectLimit = 8;

/// Whether a variable comes to life in a loop.
bool FunctionExecutor::livesInLoop(ir::Index variable) const {
  for (const auto &[head, loop] : Loops)
    for (unsigned b = 0; b < Blocks.size(); ++b)
      for (std::uint32_t e = 0; loop.inside[b] && e < Blocks[b]->eventCount; ++e) {
        const ir::Event &event = Unit.events[Blocks[b]->firstEvent + e];
        if (event.kind == ir::EventKind::Begin && event.a == variable)
          return true;
      }
  return false;
}

/// Whether a value is another object in each round of the loop around here.
bool FunctionExecutor::isOfRound(TermId value) const {
  const Term &root = terms()[terms().root(value)];
  bool isMade =
      root.kind == TermKind::Opaque || (root.kind == TermKind::Heap && Shared.solution.loopHeaps.contains(root.number));
  // A variable of the function may live for one round only.
  return isMade || terms()[value].weak || (root.kind == TermKind::Local && root.a == Function && livesInLoop(root.b));
}

/// Whether a place is part of an object that a stored lambda captured.
bool FunctionExecutor::isAfterCapture(const State &state, TermId place) const {
  return llvm::any_of(state.captured, [&](TermId object) { return terms().isPartOf(place, object); });
}

static void addCaptured(State &state, TermId object) {
  if (!llvm::is_contained(state.captured, object))
    state.captured.push_back(object);
}

void FunctionExecutor::noteCapture(State &state, TermId field, TermId value, ir::Index location) {
  if (!Shared.filter.anyThreads() || terms()[field].kind != TermKind::Field ||
      !Shared.subjects.capturesThis(terms()[field].b))
    return;
  bool inLoop = llvm::any_of(Loops, [&](const auto &entry) { return entry.second.inside[CurrentBlock]; });
  addCaptured(state, terms().deref(value));
  addCapture({terms()[field].b, value, inLoop && !isOfRound(value)}, location);
}

void FunctionExecutor::addCapture(CaptureRecord record, ir::Index location) {
  if (!record.object)
    return;
  if (!terms()[record.object].mentionsFormal) {
    if (!Shared.finalPass)
      return;
    auto &objects = Shared.solution.captures[record.field];
    for (Capture &known : objects)
      if (known.object == record.object) {
        known.repeated |= record.repeated || known.function != Function || known.location != location;
        return;
      }
    if (objects.size() < objectLimit)
      objects.push_back({record.object, record.repeated, Function, location});
    return;
  }
  auto [entry, isNew] = CaptureIndex.try_emplace({record.field, record.object},
                                                 std::pair(std::uint32_t(Summary.captures.size()), location));
  if (isNew && Summary.captures.size() < captureLimit)
    Summary.captures.push_back(record);
  else if (!isNew && entry->second.first < Summary.captures.size())
    Summary.captures[entry->second.first].repeated |= record.repeated || entry->second.second != location;
}

void FunctionExecutor::instantiateCaptures(State &state, const ProcedureSummary &summary, CallFrame &frame) {
  if (summary.captures.empty())
    return;
  Substitution substitute(*this, state, frame, true);
  for (std::size_t i = 0, n = summary.captures.size(); i < n; ++i) {
    CaptureRecord record = summary.captures[i];
    record.object = substitute(record.object);
    handOut(state, record.object);
    addCaptured(state, terms().deref(record.object));
    record.repeated |= insideLoop(frame) && !isOfRound(record.object);
    addCapture(record, frame.location);
  }
}

} // namespace gridlock::solve
