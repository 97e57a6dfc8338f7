//===- ConstantPointers.h - Pointers that never change ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Global pointers that lead to one other global for good: initialised with its
/// address, and neither assigned nor handed out anywhere (`static struct pool
/// *pool = &defaultPool;`). Found once for a program, before anything is solved;
/// read-only afterwards.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_CONSTANTPOINTERS_H
#define GRIDLOCK_ENGINE_SOLVE_CONSTANTPOINTERS_H

#include "engine/link/Program.h"
#include "llvm/ADT/DenseMap.h"

namespace gridlock::solve {

class ConstantPointers {
public:
  /// Linear in the program.
  explicit ConstantPointers(const link::Program &program);

  /// What the global points to; 0: not known, or not one thing.
  link::GlobalId pointee(link::GlobalId pointer) const { return Pointees.lookup(pointer); }

private:
  llvm::DenseMap<link::GlobalId, link::GlobalId> Pointees;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_CONSTANTPOINTERS_H
