//===- Entity.h - A declared field or global --------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What is found out about a field or a global for the whole program, before
/// anything is solved, is kept by one number, which tables and terms lead to.
///
/// Pure functions; linear in the length of a path.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_ENTITY_H
#define GRIDLOCK_ENGINE_SOLVE_ENTITY_H

#include "engine/solve/Term.h"

namespace gridlock::solve {

/// A field or a global of the program; 0: neither.
using Entity = std::uint64_t;

/// Of a place in a unit's tables, and the array whose element it is.
Entity entityOf(const link::Program::UnitLink &link, ir::Index place);
/// Of the place whose address a value in a unit's tables is.
Entity entityAt(const link::Program::UnitLink &link, ir::Index value);
/// The field, or the global, that it is; 0: it is none.
link::FieldId fieldOf(Entity entity);
link::GlobalId globalOf(Entity entity);
/// Of a place of the solver, or of the declared one that it is a part of.
Entity entityOf(const TermTable &terms, TermId place);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_ENTITY_H
