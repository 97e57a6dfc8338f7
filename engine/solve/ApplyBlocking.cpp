//===- ApplyBlocking.cpp - Models of calls that wait ------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whether a wait has a bound, and whether the bound is short. A bound that is
// not a constant is taken to be short: it is not known to be long.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include <cstdio>

namespace gridlock::solve {

/// Milliseconds in `count` units of a duration type, from its name:
/// `std::chrono::duration<long, std::ratio<1, 1000>>`.
static std::optional<double> durationMilliseconds(std::string_view typeName, std::int64_t count) {
  std::size_t ratio = typeName.find("ratio<");
  if (ratio == std::string_view::npos)
    return double(count) * 1000; // the default period is a second
  long long numerator = 1, denominator = 1;
  if (std::sscanf(std::string(typeName.substr(ratio)).c_str(), "ratio<%lld, %lld", &numerator, &denominator) < 1 ||
      denominator == 0)
    return std::nullopt;
  return double(count) * double(numerator) / double(denominator) * 1000;
}

/// A sleep of this length matters while Python's GIL is held: all of the
/// interpreter's threads sleep as well.
static constexpr double gilLimitMilliseconds = 10;

bool FunctionExecutor::boundIsShort(State &state, const model::Effect &effect, CallFrame &frame, bool underGil) {
  if (!effect.bound)
    return false;
  const model::Bound &bound = *effect.bound;
  for (const model::Condition &infinite : bound.infinite)
    if (condition(state, infinite, frame).value_or(false))
      return false;
  double limit = underGil ? gilLimitMilliseconds : double(Shared.options.blockingBoundMilliseconds);
  if (bound.unit == "duration") {
    TermId object = operandPlace(state, bound.value, frame);
    TermId count = load(state, terms().field(object, Program.ghostField("$value")));
    link::RecordId record = recordOf(object);
    if (terms()[count].kind != TermKind::Integer || !record)
      return !underGil; // not a constant: not known to be long
    auto milliseconds = durationMilliseconds(Program.record(record).displayName, terms()[count].number);
    return !milliseconds || *milliseconds < limit;
  }
  TermId amount = operandValue(state, bound.value, frame);
  if (terms()[amount].kind != TermKind::Integer)
    return bound.unit != "seconds" && !underGil;
  double value = double(terms()[amount].number);
  if (bound.unit == "seconds")
    value *= 1000;
  else if (bound.unit == "microseconds")
    value /= 1000;
  else if (bound.unit == "nanoseconds")
    value /= 1e6;
  else if (bound.unit != "milliseconds")
    return !underGil; // an absolute time, or a structure: finite
  return value < limit;
}

void FunctionExecutor::applyBlock(State &state, const model::Effect &effect, CallFrame &frame) {
  bool isShort = boundIsShort(state, effect, frame);
  bool matters = !isShort || (effect.what == "sleep" && !Shared.gilEntries.empty() &&
                              !boundIsShort(state, effect, frame, /*underGil=*/true));
  if (!matters || forkedFrom(state)) // nobody wants the locks that a child has copies of
    return;
  if (effect.what == "descriptor" && isOnFatalWay()) // the last words before the program ends
    return;
  // Whether it waits at all may be for the callers to say: a command that the
  // function was given.
  State there = state;
  for (const model::Condition &wanted : effect.when) {
    TermId left = operandValue(there, wanted.left, frame);
    TermId right = wanted.right ? operandValue(there, wanted.right, frame) : 0;
    TermId holds = conditionTerm(terms(), wanted.comparison, left, right);
    if (onInputs(holds) && !there.assume(terms(), holds, true))
      return;
  }
  Record record = makeRecord(RecordKind::Block, there, step(frame.location));
  record.what = Shared.solution.word(effect.what);
  record.group = isShort ? BlockUnderGilOnly : 0;
  if (effect.descriptor)
    record.subject = operandValue(state, effect.descriptor, frame);
  noteBlocking(std::move(record), true);
}

} // namespace gridlock::solve
