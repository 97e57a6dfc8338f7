//===- Names.h - Names of declarations ---------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The three names of a declaration: the stable one that is equal in every unit
/// (a Clang USR, completed where Clang leaves two entities with one name), the
/// qualified one that models are looked up by, and the one for messages.
///
/// Pure functions of the AST; each is linear in the depth of the scopes.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_FACTS_NAMES_H
#define GRIDLOCK_ENGINE_FACTS_NAMES_H

#include "engine/facts/Clang.h"
#include <string>

namespace gridlock::facts {

/// Clang's USR. Closures have none of their own there: they are named by the
/// function that holds them and their place in it, and so is what is
/// instantiated with them.
std::string stableName(const clang::Decl *declaration);

/// `std::lock_guard::lock_guard`: no template arguments, no inline namespaces.
std::string qualifiedName(const clang::NamedDecl *declaration);

/// `Cache<int>::get`.
std::string displayName(const clang::NamedDecl *declaration);

} // namespace gridlock::facts

#endif // GRIDLOCK_ENGINE_FACTS_NAMES_H
