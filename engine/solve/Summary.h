//===- Summary.h - What a function does, for its callers --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Procedure summaries. A summary has two halves:
///
/// * *Outcomes*: at most a few disjuncts {condition on the inputs, result, locks
///   gained and lost, values written} that a caller applies to its state
///   (Saturn: Xie, Aiken, POPL 2005).
/// * *Records*: what happens inside, each relative to the function's entry: the
///   locks held there that the function itself took, and the conditions on the
///   inputs under which it happens (RELAY: Voung, Jhala, Lerner, FSE 2007). A
///   caller adds its own locks. A record whose names mean the same everywhere is
///   final and is not handed on.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_SUMMARY_H
#define GRIDLOCK_ENGINE_SOLVE_SUMMARY_H

#include "engine/solve/Access.h"
#include "engine/solve/DescriptorLog.h"
#include "engine/solve/State.h"

namespace gridlock::solve {

/// One step of the way to an event: an event of a function, or a call whose
/// callee leads on to it.
struct Step {
  link::FunctionId function = 0;
  ir::Index location = 0; ///< into the function's unit's `locations`
  StepId inner = 0;       ///< in the callee; 0: the event is here
  StepId innermost = 0;   ///< where the chain of inner steps ends; may be itself
};

enum class RecordKind : std::uint8_t {
  Acquire,    ///< `subject` is taken
  NeedsHeld,  ///< `subject` is released, or waited with, and not held here
  Block,      ///< may block; `what`, `subject` = descriptor or the lock let go;
              ///< `group` = BlockUnderGilOnly: only as far as the GIL is held
  Join,       ///< waits for the thread behind handle `subject`
  Callback,   ///< calls callable `subject` with `arguments`
  Handler,    ///< installs callable `subject` as a signal handler; `extra` = the mask then
  Start,      ///< runs callable `subject` on another thread; `extra` = handle
  ChildWait,  ///< waits for child `subject` for ever when `extra` (0: always);
              ///< `what` = callee, `group` = ChildWaitFlags
  NeedsGil,   ///< calls Python's API: `what`; `subject` is the GIL
  ChildFate,  ///< child `subject` is waited for or killed: `group` = ChildFateKind
  Notify,     ///< wakes who waits for condition `subject`; `arguments` = locks taken before
  Drop,       ///< the thread object `subject` dies or is overwritten
  SelfDetach, ///< the thread that runs this detaches itself
};

constexpr std::uint8_t BlockUnderGilOnly = 1;
enum ChildWaitFlags : std::uint8_t { ChildWaitAfterTerminate = 1, ChildWaitIgnored = 2 };
/// `AllCollected`: the children that stand in the elements of an array.
enum class ChildFateKind : std::uint8_t { Collected, Killed, AllCollected };
inline bool isCollected(std::uint8_t group) { return ChildFateKind(group) != ChildFateKind::Killed; }

/// What an indirect call with several targets leaves open.
enum GuessBits : std::uint8_t {
  GuessTarget = 1, ///< whether it ever has this target
  GuessJob = 2,    ///< when: somebody stored the target with its argument to have it called
};

/// Something that happens in a function or below it.
struct Record {
  RecordKind kind{};
  model::LockMode mode = model::LockMode::Exclusive;
  bool byTry = false;
  bool isMeeting = false;          ///< of what is given: threads meet there again and again, as at a barrier
  bool throughManyTargets = false; ///< on the way a call had many targets
  bool lossy = false;
  bool metAsInputs = false;           ///< the locks were inputs where they met
  bool ordered = false;               ///< something orders the two, further down
  OpenMode openMode = OpenMode::None; ///< happens in some mode only
  bool tearsDown = false;             ///< a wait after a wait for another thread's end
  bool byHandler = false;             ///< of a start: a handler of an event loop calls what it was given
  std::uint8_t group = 0;             ///< of an acquisition in one deadlock-free step
  LockTraits traits;
  TermId subject = 0;
  TermId extra = 0;
  llvm::SmallVector<Held, 2> held; ///< taken by the function or its callees
  /// Locks of the caller that had been released by then.
  llvm::SmallVector<TermId, 1> released;
  llvm::SmallVector<Fact, 2> conditions;
  llvm::SmallVector<TermId, 2> arguments;
  StepId step = 0;
  llvm::SmallVector<std::uint32_t, 1> spawnsJoined;
  std::uint32_t what = 0;  ///< into `Solution::words`
  std::uint32_t spawn = 0; ///< the spawn of which this is part; 0: own thread
  /// Only if a pointer in memory is not null which no caller so far decides, and
  /// that does not lead to the subject.
  bool onOpenPointer = false;
  /// Choices among the targets of a call through which alone this happens; empty:
  /// none, or too many (Guesses.cpp).
  llvm::SmallVector<std::uint32_t, 1> guesses;
  void joinGuesses(const Record &other);
  /// Whether it happens only by these choices.
  bool isGuessedBy(llvm::ArrayRef<std::uint32_t> choices) const;
};

/// One way in which a function ends.
struct Outcome {
  llvm::SmallVector<Fact, 2> conditions; ///< on inputs
  llvm::SmallVector<Held, 1> acquired;
  llvm::SmallVector<Released, 1> released;
  llvm::SmallVector<TermId, 1> notHeld;
  TermId result = 0; ///< 0: not known
  bool resultIsNotNull = false;
  llvm::SmallVector<std::pair<TermId, TermId>, 4> writes;
  llvm::SmallVector<Fact, 1> known; ///< of written values that the function made or got
  llvm::SmallVector<Alive, 1> alive;
  llvm::SmallVector<TermId, 1> joined;
  llvm::SmallVector<TermId, 1> joinedOnSome;        ///< see State
  llvm::SmallVector<std::uint32_t, 1> ended;        ///< see State
  llvm::SmallVector<HandOver, 1> awaited, signaled; ///< see State
  Rounds rounds;                                    ///< that it adds
  llvm::SmallVector<Change, 1> changes;
  llvm::SmallVector<TermId, 2> taken;
  bool lossy = false;
  LogId log = 0; ///< what it does to descriptors and children
  /// Into `Solution::pipeConflicts`: found on this way, if it is ever taken.
  llvm::SmallVector<std::uint32_t, 1> pipeConflicts;
};

/// An object that a lambda, which somebody keeps and calls later, captured as
/// `this`.
struct CaptureRecord {
  link::FieldId field = 0; ///< of the closure
  TermId object = 0;       ///< its address
  bool repeated = false;   ///< the same object more than once
};

struct ProcedureSummary {
  bool computed = false;
  bool mayThrow = false;
  bool neverReturns = false;
  llvm::SmallVector<Outcome, 2> outcomes;
  llvm::SmallVector<Outcome, 2> unwinds; ///< how it ends by exception
  std::vector<Record> records;
  std::vector<AccessRecord> accesses;
  std::vector<std::uint32_t> settled; ///< rows of final ones that are its own, under locks; in the last pass
  std::vector<CaptureRecord> captures;
  std::vector<Ending> endings; ///< paths that end in exec or exit
  /// Values of inputs on which calls and accesses in it or below it depend.
  llvm::SmallVector<TermId, 2> askedKinds;
  /// Values that code which is not known gets, on inputs.
  llvm::SmallVector<TermId, 2> escapes;
  bool changesLocks() const {
    for (const Outcome &outcome : outcomes)
      if (!outcome.acquired.empty() || !outcome.released.empty())
        return true;
    return false;
  }
};

/// Forgets what a function returns, some of whose ways are not known yet, unless that
/// tells which locks it keeps.
void forgetResults(ProcedureSummary &summary);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_SUMMARY_H
