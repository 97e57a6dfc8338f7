//===- Dump.h - A unit's tables as text --------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Prints a unit for people and for tests. Blocks, calls and variables are
/// numbered within their function, so that a change in one function leaves the
/// text of the others alone. How to read an expression:
///
///   [x]      what is stored in x          &x      the address of x
///   p->f     field f of the object at p   *p      the object at p
///   #3       what call 3 returned         @f      the function f
///   ?        not modelled
///
/// Linear in the size of what is printed. Nothing is kept.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SUMMARY_DUMP_H
#define GRIDLOCK_ENGINE_SUMMARY_DUMP_H

#include "engine/summary/Ir.h"
#include "llvm/Support/raw_ostream.h"
#include <string>

namespace gridlock::ir {

struct DumpOptions {
  bool withRecords = true;
  bool withLocations = true;
  bool withDeclarations = false; ///< functions without a body too
};

/// Prints all tables.
void dump(const Unit &unit, llvm::raw_ostream &out, const DumpOptions &options = {});

/// Prints one function: its head, and its blocks when it has any.
void dumpFunction(const Unit &unit, Index function, llvm::raw_ostream &out, const DumpOptions &options = {});

/// The text of an expression outside of any function: variables are printed by
/// their names.
std::string toText(const Unit &unit, Index expr);

/// `file:line:column`, with the macro's name where there is one.
std::string locationText(const Unit &unit, Index location);

} // namespace gridlock::ir

#endif // GRIDLOCK_ENGINE_SUMMARY_DUMP_H
