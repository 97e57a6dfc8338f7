//===- AtomicUses.h - Whether a variable can become atomic -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// An atomic variable has fewer uses than a plain one: no references of the plain
/// type, no `*=`, no copy of an object with such a member. Whoever makes one
/// atomic has to know all uses, also those of other files and other variables of
/// that name; a use that is not understood counts as one that does not suit.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_CHECKS_RACE_ATOMICUSES_H
#define GRIDLOCK_CHECKS_RACE_ATOMICUSES_H

#include "engine/finding/SourceCache.h"
#include "engine/solve/RaceShape.h"
#include <optional>
#include <set>
#include <string>

namespace gridlock::checks {

/// The name of a variable as it is declared.
struct DeclaredName {
  std::string name, file;
  unsigned line = 0, column = 0;
  bool isBool = false;
};

/// Whether a file is read by C units only (true) or by C++ units only (false);
/// nothing for what both read, or nobody.
std::optional<bool> isReadAsC(const link::Program &program, llvm::StringRef file);

/// The files that may name the variable: of a field, all of the program but the
/// system's; else where it is declared and accessed. Linear in the files.
std::set<std::string> filesOf(const solve::Solution &solution, const solve::SharedVariable &variable,
                              const std::string &declaredIn);

/// Whether the program copies objects of the class, or of one that contains it, or
/// may do so in a template. Linear in the events of the program.
bool mayBeCopied(const link::Program &program, link::RecordId record);

/// Whether all uses of the name in the files are such that an atomic object has
/// them too, and that each stays one indivisible operation.
bool allUsesSuitAtomic(SourceCache &sources, const std::set<std::string> &files, const DeclaredName &declared);

} // namespace gridlock::checks

#endif // GRIDLOCK_CHECKS_RACE_ATOMICUSES_H
