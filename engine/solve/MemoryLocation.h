//===- MemoryLocation.h - Members that share their bytes --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Which members of a class are one memory location in the sense of C11 3.14:
/// bit-fields that stand side by side, and the members of a union.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_MEMORYLOCATION_H
#define GRIDLOCK_ENGINE_SOLVE_MEMORYLOCATION_H

#include "engine/solve/Term.h"

namespace gridlock::solve {

bool isUnionMember(const link::Program &program, link::FieldId field);

/// The member that stands for all of the location: the first of them. Linear in
/// the members of the class.
link::FieldId firstOfLocation(const link::Program &program, link::FieldId field);

/// Of objects known by their class only: whether two paths name the same field, and the
/// same part of it. Linear in the paths.
bool sameClassPath(const TermTable &terms, TermId a, TermId b);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_MEMORYLOCATION_H
