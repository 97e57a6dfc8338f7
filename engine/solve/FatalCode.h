//===- FatalCode.h - Code on the way to a fatal end -------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Which blocks lead, whatever happens in them, to `abort`, a failed assertion
/// or an exit with an error. Races there are of no interest: the program ends.
/// A cheap pass over the linked tables before solving; read-only once built.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_FATALCODE_H
#define GRIDLOCK_ENGINE_SOLVE_FATALCODE_H

#include "engine/link/Program.h"
#include <vector>

namespace gridlock::solve {

class FatalCode {
public:
  explicit FatalCode(const link::Program &program);

  /// Whether a block (a row of its unit's table) always ends in such a way.
  bool isFatal(link::UnitId unit, ir::Index block) const { return Blocks[unit][block]; }

private:
  bool judge(link::FunctionId id);
  bool endsProgram(link::UnitId unit, const ir::Event &event) const;

  const link::Program &Program;
  std::vector<std::vector<bool>> Blocks; ///< by unit and row
  std::vector<bool> Functions;           ///< that always end so
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_FATALCODE_H
