//===- Sections.cpp - Decisions and what is done on them --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The problem. Each access is under the lock, and still the code is wrong: it
// tests in one critical section and acts in another, and what it tested may have
// changed in between. The same with an atomic that is loaded and then stored to.
//
// The algorithm. A path remembers its decisions: the place, the lock under which
// the place was read, and the critical section (the acquisition), or none when
// that section was over. A later decision on the place replaces an earlier one. A
// write to the place under that lock, in another section than the decision's, is
// an act on a stale decision. A decision rests on a place when its condition was
// computed from a value that stood there, from the result of a call that reads it
// (a container's query, a function that locks and looks), or from a variable that
// such a call filled; the last two are found by the expression, not by the value.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "engine/solve/Parallel.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

static constexpr unsigned testLimit = 6;

/// A library call reads a place: its result, or the object that it fills, tells of it.
void FunctionExecutor::noteQuery(const CallFrame &frame, TermId place) {
  if (!frame.call)
    return;
  auto add = [&](llvm::SmallVector<Query, 1> &list) {
    if (list.size() < 4 && !llvm::any_of(list, [&](const Query &query) { return query.place == place; }))
      list.push_back({place, 0});
  };
  add(CallQueries[ir::Index(frame.call - Unit.calls.data())]);
  if (frame.destination && terms()[frame.destination].kind == TermKind::Local &&
      terms()[frame.destination].a == Function)
    add(VariableQueries[terms()[frame.destination].b]);
}

/// A callee reads a place under a lock of its own: its result may tell of it.
void FunctionExecutor::noteCalleeQuery(const CallFrame &frame, const AccessRecord &record, TermId onlyLock) {
  if (!frame.call || record.kind != AccessKind::Read || !onlyLock ||
      Unit.types[frame.call->type].kind == ir::TypeKind::Void)
    return;
  auto &list = CallQueries[ir::Index(frame.call - Unit.calls.data())];
  Query query{record.subject, onlyLock, ir::Index(frame.call - Unit.calls.data())};
  if (list.size() < 4 && !llvm::any_of(list, [&](const Query &other) { return other.place == query.place; }))
    list.push_back(query);
}

/// A variable gets a call's result.
void FunctionExecutor::noteAssigned(State &state, ir::Index variable, ir::Index value) {
  noteRead(state, variable, value);
  const ir::Expr &expr = Unit.exprs[value];
  if (expr.kind == ir::ExprKind::Result)
    if (auto found = CallQueries.find(expr.a); found != CallQueries.end()) {
      llvm::SmallVector<Query, 1> queries = found->second;
      VariableQueries[variable] = std::move(queries);
    }
}

static bool decides(const AccessRecord &record) {
  return record.kind == AccessKind::Read && (record.flags & (AccessDecides | AccessIsPolled));
}

/// Whether a callee decides on globals that others may change.
bool FunctionExecutor::decidesSettled(const ProcedureSummary &summary) const {
  return llvm::any_of(summary.settled, [&](std::uint32_t row) { return decides(Shared.solution.accesses[row]); });
}

/// What a callee reads and writes under locks of names that mean the same everywhere.
void FunctionExecutor::checkSettled(State &state, const ProcedureSummary &summary, const CallFrame &frame) {
  if (!Shared.finalPass)
    return;
  const bool isBlind =
      !decidesSettled(summary) && llvm::none_of(summary.accesses, [](const auto &record) { return decides(record); });
  for (std::uint32_t row : std::vector<std::uint32_t>(summary.settled)) {
    const Access record = Shared.solution.accesses[row];
    auto isSame = [&](std::uint32_t other, auto test) {
      const Access &access = Shared.solution.accesses[other];
      return access.subject == record.subject && test(access);
    };
    if (!isWrite(record.kind)) {
      const bool isWritten = llvm::any_of(summary.settled, [&](std::uint32_t other) {
        return isSame(other, [](const Access &access) { return isWrite(access.kind); });
      });
      if (!isWritten && record.around->locks.size() == 1)
        noteCalleeQuery(frame, record, record.around->locks.front().lock);
      continue;
    }
    const bool testsFirst = llvm::any_of(summary.settled, [&](std::uint32_t other) {
      return isSame(other, [](const Access &access) { return decides(access); });
    });
    checkAct(state, record, frame.location, record.step, testsFirst || (record.flags & AccessTests), &frame, isBlind);
  }
}

void FunctionExecutor::collectQueries(State &state, ir::Index expr, llvm::SmallVectorImpl<Query> &found,
                                      unsigned depth) {
  const ir::Expr &e = Unit.exprs[expr];
  if (depth > 5)
    return;
  switch (e.kind) {
  case ir::ExprKind::Result:
    if (auto queries = CallQueries.find(e.a); queries != CallQueries.end())
      found.append(queries->second.begin(), queries->second.end());
    else
      for (std::uint32_t i = 0; i < Unit.calls[e.a].arguments.count; ++i)
        collectQueries(state, Unit.lists[Unit.calls[e.a].arguments.first + i], found, depth + 1);
    break;
  case ir::ExprKind::Local:
    if (auto queries = VariableQueries.find(e.a); queries != VariableQueries.end())
      found.append(queries->second.begin(), queries->second.end());
    break;
  case ir::ExprKind::Binary:
    collectQueries(state, e.b, found, depth + 1);
    [[fallthrough]];
  case ir::ExprKind::Unary:
  case ir::ExprKind::Load:
    if (ir::ExprKind inner = Unit.exprs[e.a].kind;
        e.kind == ir::ExprKind::Load && (inner == ir::ExprKind::Field || inner == ir::ExprKind::Global))
      found.push_back({place(state, e.a), 0});
    [[fallthrough]];
  case ir::ExprKind::AddressOf:
    collectQueries(state, e.a, found, depth + 1);
    break;
  default:
    break;
  }
}

void FunctionExecutor::addTest(State &state, Query query, ir::Index location) {
  SectionTest test{query.place, query.lock, 0, location, query.call, CurrentBlock};
  if (query.lock)
    if (const Held *held = state.held(query.lock))
      test.section = held->acquiredAt;
  // Whoever looks again at anything under the lock goes on from what it finds.
  llvm::erase_if(state.tested, [&](const SectionTest &other) {
    return other.lock == test.lock && (other.place == test.place || (test.section && other.section != test.section));
  });
  if (state.tested.size() < testLimit)
    state.tested.push_back(test);
}

/// A branch is taken on a condition.
void FunctionExecutor::noteTests(State &state, ir::Index expr, TermId condition, bool leavesLoop, ir::Index location) {
  if (!Shared.filter.anyThreads())
    return;
  llvm::SmallVector<Query, 4> queries;
  collectQueries(state, expr, queries, 0);
  forEachCause(condition, [&](TermId, TermId place) { queries.push_back({place, 0}); });
  for (const Query &query : queries) {
    if (Shared.solution.atomicLoads.contains(query.place)) {
      // A loop that waits for a value claims nothing.
      if (!leavesLoop && state.locks.empty())
        addTest(state, {query.place, 0}, location);
      continue;
    }
    if (query.lock) {
      addTest(state, query, location);
      continue;
    }
    auto rows = ReadsOf.find(query.place);
    if (rows == ReadsOf.end())
      continue;
    for (auto [isFinal, row] : llvm::SmallVector<std::pair<bool, std::uint32_t>, 1>(rows->second)) {
      // What a callee read is told by its call.
      const AccessRecord &read = accessRow(isFinal, row);
      if (!Shared.solution.steps[read.step].inner)
        for (const AccessLock &lock : read.around->locks)
          addTest(state, {query.place, lock.lock, 0}, location);
    }
  }
}

/// Whether a query and an act are about one thing: both calls get some value that
/// is not an object of the class that is looked at (`contains(name)`, then `add(name)`).
bool FunctionExecutor::sharesKey(State &state, ir::Index query, const AccessRecord &record, const CallFrame &act) {
  const ir::List &arguments = Unit.calls[query].arguments;
  for (std::uint32_t i = 0; i < arguments.count; ++i) {
    TermId key = value(state, Unit.lists[arguments.first + i]);
    link::FieldId field = terms().declaredField(record.subject);
    const TermId object = terms().deref(key);
    link::RecordId pointee = recordOf(object);
    bool isObject = (field && pointee && pointee == Program.field(field).record) ||
                    terms().root(record.subject) == terms().root(key);
    if (!isObject && llvm::is_contained(act.arguments, key))
      return true;
  }
  return false;
}

/// Whether the act puts back what the query took out: whoever has it needs no test.
bool FunctionExecutor::givesBack(State &state, ir::Index query, const CallFrame &act) {
  llvm::SmallVector<Query, 4> sources;
  for (std::uint32_t i = 0; act.call && i < act.call->arguments.count; ++i)
    collectQueries(state, Unit.lists[act.call->arguments.first + i], sources, 0);
  return llvm::any_of(sources, [&](const Query &source) { return source.call == query; });
}

/// Who acts on a decision within its section has made the place its own: what it
/// writes there later rests on that.
bool FunctionExecutor::isClaimed(State &state, const SectionTest &test, const AccessRecord &record) {
  const Held *held = test.lock ? state.held(test.lock) : nullptr;
  return held && held->acquiredAt == test.section && record.subject == test.place;
}

/// A write under a lock: whether it acts on a decision of another section.
/// `testedAgain`: the callee that writes looks again before it does.
void FunctionExecutor::checkAct(State &state, const AccessRecord &record, ir::Index location, StepId inner,
                                bool testedAgain, const CallFrame *frame, bool isBlind) {
  if (!isWrite(record.kind) || testedAgain || !Shared.finalPass)
    return;
  for (const SectionTest &test : state.tested)
    if (const std::pair claim(test.place, test.lock);
        isClaimed(state, test, record) && !llvm::is_contained(state.claimed, claim) && state.claimed.size() < testLimit)
      state.claimed.push_back(claim);
  llvm::erase_if(state.tested, [&](const SectionTest &test) { return isClaimed(state, test, record); });
  for (const SectionTest &test : state.tested) {
    bool holds = test.lock && llvm::any_of(record.around->locks, [&](const AccessLock &lock) {
                   return lock.lock == test.lock && lock.mode == model::LockMode::Exclusive;
                 });
    if (!holds || (!terms().isPartOf(record.subject, test.place) && !terms().isPartOf(test.place, record.subject)))
      continue;
    // What both sides of the test come to does not rest on it.
    if (!frame && !test.call && record.kind == AccessKind::Update && !isOnOneSideOf(test.block))
      continue;
    const bool isAboutKey = !test.call || (frame && sharesKey(state, test.call, record, *frame));
    // A flag that is set twice to the same is set once.
    if (!isAboutKey && !(isBlind && frame && record.kind == AccessKind::Update && isOnOneSideOf(test.block) &&
                         !givesBack(state, test.call, *frame)))
      continue;
    const Held *held = state.held(test.lock);
    if (!held || held->acquiredAt != test.section)
      addStaleAct(record.subject, test.lock, test.location, location, inner, !isAboutKey);
  }
}

/// Whether the path is here because of how a branch was decided: one of its sides
/// alone leads here in the same round of all loops.
bool FunctionExecutor::isOnOneSideOf(unsigned branch) const {
  unsigned sides = 0;
  for (unsigned side : Successors[branch]) {
    llvm::SmallVector<unsigned, 8> work{side};
    llvm::SmallDenseSet<unsigned, 16> seen{side};
    bool leadsHere = false;
    while (!work.empty() && !leadsHere) {
      const unsigned block = work.pop_back_val();
      leadsHere = block == CurrentBlock;
      for (unsigned next : Successors[block])
        if (Order[next] > Order[block] && Order[next] <= Order[CurrentBlock] && seen.insert(next).second)
          work.push_back(next);
    }
    sides += leadsHere;
  }
  return sides == 1;
}

/// A variable gets what stands in a place under a lock, or goes on from that.
void FunctionExecutor::noteRead(State &state, ir::Index variable, ir::Index valueExpr) {
  if (!Shared.filter.anyThreads() || !Shared.finalPass)
    return;
  forEachCause(value(state, valueExpr), [&](TermId, TermId from) {
    if (isWatched(from) && !isPrivate(state, from))
      for (const Held &held : state.locks)
        ReadInto[{variable, from}] = {held.lock, held.acquiredAt};
  });
}

/// A write under a lock of what was computed from what stood there in an earlier
/// section, by way of a variable; nothing in this section has looked again.
void FunctionExecutor::checkComputed(State &state, TermId place, ir::Index valueExpr, ir::Index location) {
  if (!Shared.finalPass || state.locks.empty() || ReadInto.empty())
    return;
  // What was taken out of the place may be put back; only arithmetic rests on the old value.
  const TermId written = value(state, valueExpr);
  bool computed = false;
  forEachCause(written, [&](TermId, TermId from) { computed |= from == place; });
  if (!computed || terms()[written].kind != TermKind::Binary)
    return;
  for (const Held &held : state.locks) {
    const bool looksAgain = llvm::any_of(state.tested, [&](const SectionTest &test) {
      return test.lock == held.lock && test.section == held.acquiredAt;
    });
    const auto from = readBy(place, valueExpr, 0);
    if (from && !looksAgain && from->first == held.lock && from->second != held.acquiredAt)
      addStaleAct(place, held.lock, 0, location, 0);
  }
}

/// The lock and the section in which the variables of an expression were read from a
/// place; none where it reads the place itself.
std::optional<std::pair<TermId, StepId>> FunctionExecutor::readBy(TermId place, ir::Index expr, unsigned depth) const {
  const ir::Expr &e = Unit.exprs[expr];
  if (depth > 5)
    return std::nullopt;
  if (e.kind == ir::ExprKind::Local) {
    const auto known = ReadInto.find({e.a, place});
    return known == ReadInto.end() ? std::nullopt : std::optional(known->second);
  }
  const bool isBinary = e.kind == ir::ExprKind::Binary;
  if (!isBinary && e.kind != ir::ExprKind::Unary && e.kind != ir::ExprKind::Load)
    return std::nullopt;
  const auto left = readBy(place, e.a, depth + 1);
  return left || !isBinary ? left : readBy(place, e.b, depth + 1);
}

/// A plain store to an atomic: of a value computed from its old one, or after a
/// decision on it.
void FunctionExecutor::noteStore(State &state, TermId place, TermId value, ir::Index location) {
  if (!Shared.finalPass || isPrivate(state, place))
    return;
  bool computed = false;
  if (value)
    forEachCause(value, [&](TermId, TermId from) { computed |= from == place; });
  if (computed)
    return addStaleAct(place, 0, 0, location, 0);
  if (state.locks.empty() && !hasWon(Shared.solution, state, place))
    for (const SectionTest &test : state.tested)
      if (!test.lock && test.place == place)
        addStaleAct(place, 0, test.location, location, 0);
}

void FunctionExecutor::addStaleAct(TermId place, TermId lock, ir::Index testedAt, ir::Index location, StepId inner,
                                   bool againstItself) {
  const Step event = inner ? Shared.solution.steps[Shared.solution.innermost(inner)] : Step{Function, location, 0};
  if (!firstTime({41, Function, event.function, event.location, lock ? 1u : 0u}))
    return;
  Shared.solution.staleActs.push_back(
      {Function, place, lock, testedAt, step(location, inner), {}, false, againstItself});
}

} // namespace gridlock::solve
