//===- Modules.h - Loaded objects and their symbols -------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Which executable or shared library an address lies in. An address is kept
/// as (module, offset): it stays meaningful after dlclose, and another process
/// can look it up by the module's build id. Modules are never forgotten.
/// Symbol names come from the file's own symbol table, so that static functions
/// and global locks have names without a debugger.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_MODULES_H
#define GRIDLOCK_RUNTIME_MODULES_H

#include "runtime/Base.h"

namespace gridlock::rt {

struct Module {
  std::uintptr_t base;              ///< what file addresses are relative to
  std::uintptr_t low, high;         ///< all segments
  std::uintptr_t codeLow, codeHigh; ///< executable segments
  const char *path;                 ///< never null; empty when unknown
  const char *name;                 ///< last component of path
  unsigned char buildId[20];
  std::uint8_t buildIdBytes;
  std::atomic<bool> loaded;
};

/// An address that survives dlclose. Module 0: not in any module, and `offset`
/// is the plain address.
struct Site {
  std::uint32_t module;
  std::uint64_t offset;
};

/// Looks at what is loaded now. Any thread that is marked busy; takes the
/// loader's lock for a moment, so never call it with the graph locked.
void refreshModules();
/// Marks the list stale after dlopen or dlclose.
void modulesChanged();
/// Counts the changes: caches of raw addresses compare it.
std::uint32_t moduleEpoch();

/// Refreshes when the list is stale or the address is new to it.
Site siteOf(std::uintptr_t address);
/// Whether the address is code of a loaded module.
bool isCode(std::uintptr_t address);
/// Whether the address belongs to the run time itself or to a sanitizer.
bool isOwnCode(std::uintptr_t address);
const Module *moduleAt(std::uint32_t index);
std::uint32_t moduleEnd();

struct Symbol {
  const char *name;     ///< null: unknown. Valid for ever.
  std::uint64_t offset; ///< from the start of the symbol
};
/// The function (`code`) or the variable that a place lies in. Maps the
/// module's file for the time of the call; for reports only.
Symbol symbolOf(const Site &site, bool code);

InternalLock &modulesLock();

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_MODULES_H
