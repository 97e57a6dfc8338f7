//===- AccessFilter.h - Which state is worth watching -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A cheap pass over the linked tables, before solving: the fields and globals
/// that anybody may change after their initialisation, and whose type does not
/// synchronise by itself. All others need no access records. Cost: linear in
/// the tables, no path is walked. Read-only once built.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_ACCESSFILTER_H
#define GRIDLOCK_ENGINE_SOLVE_ACCESSFILTER_H

#include "engine/link/Program.h"
#include "engine/solve/Term.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include <vector>

namespace gridlock::solve {

class AccessFilter {
public:
  /// `enabled`: whether anybody asks for accesses; if not, nothing is watched.
  explicit AccessFilter(const link::Program &program, bool enabled = true);

  /// Whether the place may be state that threads share and somebody changes.
  bool watches(link::UnitId unit, ir::Index place) const;
  bool watchesField(link::FieldId field) const { return Fields[field]; }
  bool watchesGlobal(link::GlobalId global) const { return Globals[global]; }
  /// Whether nobody stores a constant in the field: a number that tells objects apart.
  bool isNumber(link::FieldId field) const { return !Constants[field]; }
  /// What the program stores in a field, or in a global.
  struct Stored {
    llvm::SmallVector<std::int64_t, 2> constants;
    std::int64_t initial = 0; ///< where a constant stands from the start
    bool computed = false;    ///< values that are no constants
    bool others = false;      ///< it is counted, or its address is taken
    bool isPointer = false;
  };
  /// Null when nothing is stored there, after the initialisation.
  const Stored *stored(const TermTable &terms, TermId place) const;
  /// Whether the program starts threads or takes locks at all, and somebody asks for
  /// accesses.
  bool anyThreads() const { return AnyThreads; }
  /// Whether it does, whoever asks.
  bool usesThreads() const { return UsesThreads; }
  /// Whether the program has parallel regions.
  bool usesRegions() const { return UsesRegions; }

  /// Whether objects of the type order accesses themselves: locks, condition
  /// variables, atomics, thread handles.
  static bool synchronizes(const link::Program &program, link::UnitId unit, ir::Index type);
  static bool isAtomicType(const link::Program &program, link::UnitId unit, ir::Index type);

private:
  void scanUnit(link::UnitId unit);
  /// All members of a class whose objects are written as a whole.
  void markParts(link::RecordId record);
  /// Those whose address goes to a function that writes there.
  void markWritten(const link::Program::UnitLink &link, const ir::Call &call);
  Stored *storedIn(const link::Program::UnitLink &link, ir::Index place);
  void markChanged(const link::Program::UnitLink &link, ir::Index place);

  const link::Program &Program;
  const bool UsesRegions, UsesThreads, AnyThreads;
  std::vector<bool> Fields, Globals;                         ///< changed by somebody, by id
  std::vector<bool> Constants;                               ///< fields that get a constant somewhere
  llvm::DenseMap<std::uint32_t, Stored> InFields, InGlobals; ///< by id
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_ACCESSFILTER_H
