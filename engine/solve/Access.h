//===- Access.h - Reads and writes of state that may be shared --*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One access to state that more than one thread may reach: what is touched, how,
/// with which locks, and what ran beside it. Two forms: an `AccessRecord` stands
/// in a procedure summary, in the names of the function's inputs; an `Access` is
/// final: its name means the same everywhere, or only its class is known.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_ACCESS_H
#define GRIDLOCK_ENGINE_SOLVE_ACCESS_H

#include "engine/solve/Surroundings.h"

namespace gridlock::solve {

enum class AccessKind : std::uint8_t {
  Read,
  Write,
  Update,       ///< reads the old value and writes a new one: `+=`, `push_back`
  AtomicLoad,   ///< of an atomic object
  AtomicStore,  ///< a plain store to one
  AtomicUpdate, ///< one indivisible read-modify-write
};

inline bool isWrite(AccessKind kind) { return kind == AccessKind::Write || kind == AccessKind::Update; }
inline bool isAtomic(AccessKind kind) { return kind >= AccessKind::AtomicLoad; }

using AccessFlagSet = std::uint32_t;
enum AccessFlags : AccessFlagSet {
  AccessIsPolled = 1,          ///< the value read decides whether a loop goes on
  AccessDecides = 2,           ///< the value read decides a branch
  AccessIsOwnSlot = 4,         ///< an element chosen by the index of a loop right here
  AccessIsStarters = 8,        ///< an element that whoever started the thread chose for it
  AccessIsGuess = 16,          ///< an indirect call on the way has many possible targets
  AccessTests = 32,            ///< a write that happens only where nothing stands yet
  AccessIsOptional = 64,       ///< a lock is taken here, or not, by a flag of the same object
  AccessIsCaptured = 128,      ///< of another function's variable, which a lambda captured by reference
  AccessIsFatal = 256,         ///< the program is on its way to `abort` or an exit with an error
  AccessIsFirst = 512,         ///< a write that happens only where zero stands
  AccessIsDenied = 1024,       ///< an attempt to take a lock has failed on the way
  AccessIsAfterCapture = 2048, ///< a stored lambda has captured the object by then
  AccessIsRepeated = 4096,     ///< several instances of the thread got this very object
  AccessIsEverySlot = 8192,    ///< ... of a loop that every thread begins at the same element
  AccessIsWhole = 16384,       ///< the object that it is a part of is read or written as a whole
  AccessIsChosen = 32768,      ///< a lock is taken here, or not, by a number that the function is given
  AccessIsPublished = 65536,   ///< of an object that its maker has put where others look for it
  AccessIsOfJob = 131072,      ///< a job on the way is one of several, called with its argument
  AccessIsSelected = 262144,   ///< only in rounds of a loop whose number is, say, even
  AccessIsBounded = 524288,    ///< only in rounds whose number stands in a relation to another one
  AccessIsSpinning = 1048576,  ///< the value read ends a loop that does nothing else
};
/// Flags that hold only when they hold on every path.
constexpr AccessFlagSet AccessAlways = AccessIsFatal | AccessIsFirst;

struct AccessRecord {
  AccessKind kind{};
  AccessFlagSet flags = 0;
  TermId subject = 0;      ///< a place
  std::uint32_t spawn = 0; ///< the thread that does it; 0: the function's own
  StepId step = 0;
  const KeptSurroundings *around = &SurroundingsTable::none; ///< the locks, threads and hand-overs there
};

/// Whether two accesses of one kind of thread are the same instance's, because
/// both are done by the one that a number chooses.
bool areOneInstance(const AccessRecord &a, const AccessRecord &b);

/// A final access. `function` gives meaning to `subject` when it is an input.
struct Access : AccessRecord {
  link::FunctionId function = 0;
  std::uint32_t capture = 0; ///< what a stored lambda captured as `this`; see CapturedObjects.h
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_ACCESS_H
