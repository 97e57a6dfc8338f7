//===- Guesses.cpp - Targets that a call cannot have ------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A field of function pointers holds the functions of several kinds of objects,
// and a call through it may lead to any of them, as far as is known. One that
// takes a lock which is held around the call would wait for itself at once, each
// time: with this lock held the object is of another kind. That it waits for
// itself stays a (doubtful) fact; what else it would do there does not happen.
//
// So a record carries through which choices of targets it came, and where locks
// meet it, a choice that takes one of them again is left out.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Choices of targets that a record remembers; with more it is taken to happen.
static constexpr std::size_t guessLimit = 4;

std::uint32_t FunctionExecutor::guessOf(const ProcedureSummary &summary, const CallFrame &frame) const {
  if (!frame.guess())
    return 0;
  auto callee = std::uint64_t(&summary - Shared.solution.summaries.data());
  return std::uint32_t(std::uint64_t(llvm::hash_combine(Function, frame.location, callee))) | 1;
}

/// Two ways to one record: it happens when either of them is taken.
void Record::joinGuesses(const Record &other) {
  if (guesses.empty() || other.guesses.empty()) {
    guesses.clear();
    return;
  }
  for (std::uint32_t guess : other.guesses)
    if (!llvm::is_contained(guesses, guess))
      guesses.push_back(guess);
  if (guesses.size() > guessLimit)
    guesses.clear();
}

/// The choices of targets under which the callee takes again what this path holds.
void FunctionExecutor::findWrongGuesses(State &state, const ProcedureSummary &summary, Substitution &substitute) {
  if (state.locks.empty())
    return;
  for (const Record &record : summary.records) {
    if (record.kind != RecordKind::Acquire || record.byTry || record.spawn ||
        (!substitute.guess && record.guesses.empty()))
      continue;
    TermId lock = substitute(record.subject);
    const Held *held = state.held(lock);
    if (!held || terms()[lock].weak || llvm::is_contained(record.released, record.subject) ||
        state.assumesEqual(terms(), lock) || !blocksItselfFor(*held, record) ||
        !feasible(state, substitute, record.conditions, nullptr))
      continue;
    if (substitute.guess)
      substitute.wrongGuesses.assign(1, substitute.guess);
    else
      substitute.wrongGuesses.append(record.guesses.begin(), record.guesses.end());
  }
}

bool Record::isGuessedBy(llvm::ArrayRef<std::uint32_t> choices) const {
  return !guesses.empty() &&
         llvm::all_of(guesses, [&](std::uint32_t guess) { return llvm::is_contained(choices, guess); });
}

} // namespace gridlock::solve
