//===- Signals.cpp - Signal masks -------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A signal that is blocked before the first thread is started stays blocked in
// all of them, since a thread inherits the mask. Then its handler runs where the
// program says so: inside ppoll, pselect, epoll_pwait or sigsuspend, where the
// thread holds what it holds and no library is in the middle of anything.
//
// A set of signals is a number with a bit for each, in a ghost field of the
// object; the thread's mask is one in a ghost of the process. Helpers that fill a
// set or change the mask need no rules of their own: such numbers are values, and
// a function's summary has them in terms of its inputs.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Signals.h"
#include "engine/solve/Executor.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

using ir::Operator;

SignalBits signalBits(const TermTable &terms, TermId value, TermId mask) {
  const Term &term = terms[value];
  if (term.kind == TermKind::Integer)
    return {std::uint64_t(term.number), ~std::uint64_t(term.number), 0};
  if (term.kind == TermKind::Initial)
    return {0, 0, term.a == mask ? ~std::uint64_t(0) : 0};
  if (term.kind != TermKind::Binary)
    return {};
  SignalBits a = signalBits(terms, term.a, mask), b = signalBits(terms, term.b, mask);
  switch (term.op) {
  case Operator::Or:
    return {a.ones | b.ones, a.zeros & b.zeros, (a.kept & b.zeros) | (b.kept & a.zeros)};
  case Operator::And:
    return {a.ones & b.ones, a.zeros | b.zeros, (a.kept & b.ones) | (b.kept & a.ones)};
  case Operator::Xor:
    return {(a.ones & b.zeros) | (a.zeros & b.ones), (a.ones & b.ones) | (a.zeros & b.zeros), 0};
  default:
    return {};
  }
}

/// The place of the number that says which signals are in a set.
static TermId bitsOf(const link::Program &program, TermTable &terms, TermId set) {
  return terms.field(set, program.ghostField("$signals"));
}

void FunctionExecutor::changeSignalSet(State &state, const model::Effect &effect, CallFrame &frame) {
  TermId bits = bitsOf(Program, terms(), operandPlace(state, effect.place, frame));
  if (effect.operation == "empty" || effect.operation == "fill") {
    state.store(bits, terms().integer(effect.operation == "fill" ? -1 : 0));
    return;
  }
  TermId number = terms().binary(Operator::Subtract, operandValue(state, effect.signal, frame), terms().integer(1));
  // Of the highest number no bit can be computed; it is a real-time signal.
  TermId bit = terms().binary(Operator::ShiftLeft, terms().integer(1), number);
  TermId old = load(state, bits);
  state.store(bits, effect.operation == "add"
                        ? terms().binary(Operator::Or, old, bit)
                        : terms().binary(Operator::And, old, terms().binary(Operator::Xor, bit, terms().integer(-1))));
}

void FunctionExecutor::changeSignalMask(State &state, const model::Effect &effect, CallFrame &frame) {
  const TermId mask = processFact("@sigmask");
  const TermId before = load(state, mask);
  TermId given = effect.from ? operandValue(state, effect.from, frame) : 0;
  TermId set = given && !terms().isInteger(given, 0) ? load(state, bitsOf(Program, terms(), terms().deref(given))) : 0;
  if (TermId old = effect.to ? operandValue(state, effect.to, frame) : 0; old && !terms().isInteger(old, 0))
    state.store(bitsOf(Program, terms(), terms().deref(old)), before);
  if (!set)
    return;
  TermId how = operandValue(state, effect.value, frame);
  auto is = [&](std::string_view name) {
    std::optional<std::int64_t> value = Program.models().constant(name);
    return value && terms().isInteger(how, *value);
  };
  TermId after = is("SIG_BLOCK") ? terms().binary(Operator::Or, before, set)
                 : is("SIG_UNBLOCK")
                     ? terms().binary(Operator::And, before, terms().binary(Operator::Xor, set, terms().integer(-1)))
                 : is("SIG_SETMASK") ? set
                                     : terms().opaque(OriginKind::Unknown, frame.site);
  state.store(mask, after);
  if (!Shared.finalPass)
    return;
  SignalBits was = signalBits(terms(), before, mask), now = signalBits(terms(), after, mask);
  if (is("SIG_BLOCK"))
    now.kept |= ~now.ones; // blocking lets nothing in, whatever is in the set
  MaskChange change;
  change.function = Function;
  change.step = step(frame.location);
  change.closes = now.ones & ~was.ones;
  change.opens = ~(now.ones | now.kept);
  change.restores = now.kept & ~now.ones & was.ones;
  if ((change.closes | change.opens | change.restores) &&
      firstTime({61, Function, frame.location, change.closes, change.opens, change.restores}))
    Shared.solution.maskChanges.push_back(change);
}

/// Whether a value is what a member of a union held before this path stored
/// another member.
bool FunctionExecutor::isOverlaid(const State &state, TermId value) const {
  const Term &member = terms()[terms()[value].kind == TermKind::Initial ? terms()[value].a : 0];
  if (member.kind != TermKind::Field || !Program.field(member.b).record ||
      !(Program.record(Program.field(member.b).record).flags & ir::RecordIsUnion))
    return false;
  return llvm::any_of(state.entries(), [&](const auto &entry) {
    const Term &other = terms()[entry.first];
    return other.kind == TermKind::Field && other.a == member.a && other.b != member.b;
  });
}

/// A handler is installed for the signal that is its argument, while the thread's
/// mask is `mask`.
void FunctionExecutor::noteHandler(Spawn &handler, bool isNew, const State &state, TermId mask,
                                   llvm::ArrayRef<TermId> arguments) const {
  const Term &number = terms()[arguments.empty() ? 0 : arguments.front()];
  bool isKnown = number.kind == TermKind::Integer && number.number > 0 && number.number <= 64;
  std::uint8_t signal = isKnown ? std::uint8_t(number.number) : 0;
  bool isBlocked =
      signal && state.alive.empty() && (signalBits(terms(), mask, 0).ones & (std::uint64_t(1) << (signal - 1)));
  handler.signal = isNew || handler.signal == signal ? signal : 0;
  handler.signalIsBlocked = isBlocked && (isNew || handler.signalIsBlocked);
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

static bool runsBesideThreads(const Solution &solution, link::FunctionId function) {
  return llvm::any_of(solution.contexts[function], [](const Context &context) { return context.parallel; });
}

static bool mayMeet(const Solution &solution, link::FunctionId a, link::FunctionId b) {
  return llvm::any_of(solution.contexts[a], [&](const Context &mine) {
    return llvm::any_of(solution.contexts[b],
                        [&](const Context &theirs) { return solution.mayShareProcess(mine.root, theirs.root); });
  });
}

SignalWindow signalWindow(const Solution &solution, const Spawn &handler) {
  if (!handler.signal || runsBesideThreads(solution, handler.function))
    return {};
  const std::uint64_t bit = std::uint64_t(1) << (handler.signal - 1);
  const std::vector<bool> around = solution.withCallers(handler.function);
  const MaskChange *closed = nullptr;
  for (const MaskChange &change : solution.maskChanges) {
    if (!mayMeet(solution, change.function, handler.function))
      continue;
    // A function that blocks for a while and then gives back what was is no
    // opening for its callers, unless it is in between that they install it.
    bool opens = (change.opens & bit) || ((change.restores & bit) && around[change.function]);
    if (opens)
      return {handler.signalIsBlocked ? SignalWindow::Opened : SignalWindow::Anywhere, &change};
    if ((change.closes & bit) && !runsBesideThreads(solution, change.function))
      closed = &change;
  }
  if (handler.signalIsBlocked)
    return {SignalWindow::Never};
  return {closed ? SignalWindow::AfterBlock : SignalWindow::Anywhere, closed};
}

} // namespace gridlock::solve
