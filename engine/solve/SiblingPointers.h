//===- SiblingPointers.h - Pointers to another part of one object -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Fields that hold the address of another field of the same object in every
/// object of the program: `queue->lock = &queue->ownLock`, or a member that keeps
/// what its constructor got (`condition(&mutex)`). Found once for a program, before
/// anything is solved; read-only afterwards.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_SIBLINGPOINTERS_H
#define GRIDLOCK_ENGINE_SOLVE_SIBLINGPOINTERS_H

#include "engine/link/Program.h"
#include "llvm/ADT/DenseMap.h"

namespace gridlock::solve {

class SiblingPointers {
public:
  /// Linear in the program.
  explicit SiblingPointers(const link::Program &program);

  /// The field to which `pointer` leads: of the object that `pointer` is a field of
  /// (`member` 0), or of the object that has `member`, whose field `pointer` is. 0:
  /// not known, or not one field.
  link::FieldId pointee(link::FieldId member, link::FieldId pointer) const {
    return Pointees.lookup({member, pointer});
  }
  bool empty() const { return Pointees.empty(); }

private:
  llvm::DenseMap<std::pair<link::FieldId, link::FieldId>, link::FieldId> Pointees;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_SIBLINGPOINTERS_H
