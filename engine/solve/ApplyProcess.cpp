//===- ApplyProcess.cpp - Models of child processes -------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the models say about children: start, wait, kill, alarm, fork, exec.
//
// A wait has no bound when the model gives none, or when what means "for ever"
// is passed. Often a helper passes its own argument on (`waitForFinished(limit)`):
// then the wait is recorded together with the condition under which it has no
// bound, and the caller that knows the argument decides.
//
// A wait is bounded from elsewhere when an alarm is armed, when the child was
// sent SIGKILL, and when another thread will kill it or the program waits for a
// descriptor of the child with a time-out.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "engine/solve/LeftOver.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

static constexpr std::int64_t signalKill = 9;

/// Signals that ask a process to end, which it may refuse.
static bool asksToEnd(std::int64_t signal) {
  return signal == 1 || signal == 2 || signal == 3 || signal == 6 || signal == 15;
}

TermId FunctionExecutor::childFact(TermId child, std::string_view ghost) {
  return terms().field(terms().deref(child), Program.ghostField(ghost));
}

TermId FunctionExecutor::processFact(std::string_view name) {
  return terms().field(terms().heap(0), Program.ghostField(name));
}

/// The value that stands for a child: what is stored in a place, or the address
/// of the object that the place is.
TermId FunctionExecutor::childOperand(State &state, const model::Operand &op, CallFrame &frame) {
  Cursor cursor = operand(state, op, frame);
  if (!cursor.isPlace)
    return cursor.term;
  return recordOf(cursor.term) ? terms().address(cursor.term) : load(state, cursor.term);
}

//===----------------------------------------------------------------------===//
// Start
//===----------------------------------------------------------------------===//

void FunctionExecutor::noteFork(State &state, const model::Effect &effect, CallFrame &frame, link::FunctionId callee) {
  TermId result = currentResult(state, frame);
  const Term value = terms()[result];
  if (value.kind != TermKind::Integer) {
    noteChild(state, result, Shared.solution.word(Program.function(callee).displayName), frame);
    return;
  }
  if (value.number != 0)
    return; // no child could be started
  // The children of the parent are no children of the child, and its other threads
  // are not there: nobody waits for the locks that the child has copies of.
  State before = state;
  state.alive.clear();
  for (Held &held : state.locks)
    held.leaked = true;
  collectAll(state);
  state.store(processFact("@execed"), terms().integer(0));
  // It does not inherit an alarm. That none was armed here is not noted: where the
  // ways of parent and child meet again, nothing would be known of it.
  if (state.stored(processFact("@alarm")))
    state.store(processFact("@alarm"), terms().integer(0));
  if (!effect.shared)
    state.store(processFact("@forked"), terms().integer(forkRow(before, frame.location, 0)));
}

/// Whether a value is the name that the history of descriptors gives a child.
static bool isChildName(const TermTable &terms, TermId value) {
  return terms[value].kind == TermKind::Opaque && OriginKind(terms[value].a) == OriginKind::Child;
}

void FunctionExecutor::spawnChild(State &state, const model::Effect &effect, link::FunctionId callee,
                                  CallFrame &frame) {
  if (effect.success && condition(state, *effect.success, frame) == false)
    return; // none could be started
  Cursor cursor = operand(state, effect.child, frame);
  TermId child = cursor.term;
  if (cursor.isPlace) {
    TermId named = state.stored(cursor.term);
    const Term place = terms()[cursor.term];
    bool isGhost = place.kind == TermKind::Field && !Program.field(place.b).record;
    bool isNull = place.kind == TermKind::Deref && terms()[place.a].kind == TermKind::Integer;
    if (recordOf(cursor.term)) {
      child = terms().address(cursor.term);
    } else if (named && isChildName(terms(), named)) {
      child = named;
    } else if (isGhost) {
      child = load(state, cursor.term);
    } else {
      child = terms().opaque(OriginKind::CallResult, std::int64_t(llvm::hash_combine(frame.site, 77)));
      if (!isNull)
        storeValue(state, cursor.term, child);
    }
  }
  if (!frame.childNoted)
    noteChild(state, child, Shared.solution.word(Program.function(callee).displayName), frame);
  frame.childNoted = true;
  if (effect.success) {
    TermId left = operandValue(state, effect.success->left, frame);
    TermId right = effect.success->right ? operandValue(state, effect.success->right, frame) : 0;
    state.store(childFact(child, "$started"), conditionTerm(terms(), effect.success->comparison, left, right));
  }
}

void FunctionExecutor::applyExec(State &state) {
  // The program that the child becomes runs as long as it likes: a wait for it
  // is no wait for a first child that ends at once.
  if (std::uint32_t fork = forkedFrom(state))
    Shared.solution.processes.forks[fork].waits = true;
  state.store(processFact("@execed"), terms().integer(1));
}

//===----------------------------------------------------------------------===//
// Wait
//===----------------------------------------------------------------------===//

/// The condition under which a wait has no bound: 0 when it never has one,
/// nothing when it has one or when that is not known.
std::optional<TermId> FunctionExecutor::boundlessWhen(State &state, const model::Effect &effect, CallFrame &frame) {
  TermId pending = 0;
  unsigned count = 0;
  auto require = [&](const model::Condition &wanted, bool truth) {
    TermId left = operandValue(state, wanted.left, frame);
    TermId right = wanted.right ? operandValue(state, wanted.right, frame) : 0;
    TermId term = conditionTerm(terms(), wanted.comparison, left, right);
    if (std::optional<bool> known = state.decide(terms(), term))
      return *known == truth;
    pending = truth ? term : terms().unary(ir::Operator::Not, term);
    ++count;
    return true;
  };
  for (const model::Condition &wanted : effect.when)
    if (!require(wanted, true))
      return std::nullopt;
  for (const model::Condition &unwanted : effect.unless)
    if (!require(unwanted, false))
      return std::nullopt;
  if (effect.bound) {
    // Any of these means "for ever"; one that is not known is enough to wait
    // for the caller to tell.
    bool possible = false;
    for (const model::Condition &infinite : effect.bound->infinite)
      possible = possible || require(infinite, true);
    if (!possible)
      return std::nullopt;
  }
  if (count > 1 || (pending && !onInputs(pending)))
    return std::nullopt;
  return pending;
}

/// A timed wait whose outcome nobody looks at.
static bool ignoresOutcome(const model::Effect &effect, const ir::Call *call) {
  if (!effect.bound || !effect.success || !call || !(call->flags & ir::CallResultIsDiscarded))
    return false;
  const model::Operand &value = effect.bound->value;
  bool isZero =
      value.steps.size() == 1 && value.steps[0].kind == model::OperandKind::Constant && value.steps[0].number == 0;
  return value && !isZero;
}

void FunctionExecutor::waitChild(State &state, const model::Effect &effect, link::FunctionId callee, CallFrame &frame) {
  StepId at = step(frame.location);
  TermId child = childOperand(state, effect.child, frame);
  bool any = effect.child.text == "$unknown";
  std::optional<TermId> when = boundlessWhen(state, effect, frame);
  TermId start = any ? 0 : state.stored(childFact(child, "$unreaped"));
  bool isKnown = start && terms()[start].kind == TermKind::Integer && terms()[start].number > 0;
  auto &startOf = Shared.solution.processes.startOfWait;
  std::uint32_t row = isKnown ? std::uint32_t(terms()[start].number) : 0;
  if (auto [entry, isNew] = startOf.try_emplace({Function, frame.location}, row); !isNew && entry->second != row)
    entry->second = 0;
  bool ignored = !when && ignoresOutcome(effect, frame.call);
  if (when || ignored) {
    Record record = makeRecord(RecordKind::ChildWait, state, at);
    record.subject = any ? 0 : child;
    record.extra = when.value_or(0);
    record.what = Shared.solution.word(Program.function(callee).displayName);
    record.group = ignored ? ChildWaitIgnored : 0;
    passOnWait(state, std::move(record));
  }
  noteFate(state, any ? 0 : child, ChildFateKind::Collected, at);
}

/// 0, -1 or a negated number: a process group, or any child.
static bool namesGroup(const Term &child) {
  return (child.kind == TermKind::Integer && child.number <= 0) ||
         (child.kind == TermKind::Unary && child.op == ir::Operator::Negate);
}

/// Hands a wait on to the callers, unless this path knows what bounds it.
void FunctionExecutor::passOnWait(State &state, Record record) {
  if (record.extra) {
    std::optional<bool> boundless = state.decide(terms(), record.extra);
    if (boundless ? !*boundless : !onInputs(record.extra))
      return;
    if (boundless)
      record.extra = 0;
  }
  auto known = [&](TermId place) { return state.stored(place); };
  std::uint32_t fork = forkedFrom(state);
  if (fork)
    Shared.solution.processes.forks[fork].waits = true;
  if (TermId alarm = known(processFact("@alarm")); alarm && !terms().isInteger(alarm, 0))
    return;
  if (record.subject) {
    if (TermId bounded = known(childFact(record.subject, "$bounded")); bounded && !terms().isInteger(bounded, 0))
      return;
    if (TermId signal = known(childFact(record.subject, "$signalled"))) {
      if (terms()[signal].kind != TermKind::Integer || terms()[signal].number == signalKill)
        return;
      // A process group is this program's own workers, which do as they are asked.
      if (asksToEnd(terms()[signal].number) && !namesGroup(terms()[record.subject]))
        record.group |= ChildWaitAfterTerminate;
    }
  }
  // In a child of its own the callers' locks are of no concern.
  if (fork) {
    record.held.clear();
    return noteWait(record);
  }
  addRecord(std::move(record));
}

void FunctionExecutor::noteWait(const Record &record) {
  if (!Shared.finalPass || record.extra)
    return;
  Solution &solution = Shared.solution;
  const Step inner = solution.steps[solution.innermost(record.step)];
  if (!firstTime({31, inner.function, inner.location, record.group, record.held.empty() ? 0 : record.held[0].lock,
                  record.spawn, Function}))
    return;
  solution.processes.waits.push_back(waitOf(record, Function));
}

//===----------------------------------------------------------------------===//
// Signals
//===----------------------------------------------------------------------===//

void FunctionExecutor::killChild(State &state, const model::Effect &effect, CallFrame &frame) {
  TermId child = childOperand(state, effect.child, frame);
  if (terms()[child].kind == TermKind::Unary && terms()[child].op == ir::Operator::Negate)
    child = terms()[child].a; // its process group
  TermId signal = effect.signal ? operandValue(state, effect.signal, frame) : terms().integer(signalKill);
  const Term number = terms()[signal];
  if (number.kind == TermKind::Integer && number.number != signalKill && !asksToEnd(number.number))
    return; // a probe, or a signal that does not end the child
  state.store(childFact(child, "$signalled"), signal);
  if (number.kind != TermKind::Integer || number.number == signalKill)
    noteFate(state, child, ChildFateKind::Killed, step(frame.location));
}

/// Somebody else collects the child, or every child.
void FunctionExecutor::reapsChild(State &state, const model::Effect &effect, CallFrame &frame) {
  if (effect.child)
    noteFate(state, childOperand(state, effect.child, frame), ChildFateKind::Collected, step(frame.location));
  else if (Shared.finalPass)
    Shared.solution.processes.collectors.insert(Function);
}

void FunctionExecutor::setAlarm(State &state, const model::Effect &effect, CallFrame &frame) {
  TermId amount = effect.bound && effect.bound->value ? operandValue(state, effect.bound->value, frame) : 0;
  bool disarms = amount && terms().isInteger(amount, 0);
  state.store(processFact("@alarm"), terms().integer(!disarms));
}

} // namespace gridlock::solve
