//===- PairedCalls.cpp - Who gives back what he took -------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/PairedCalls.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// How far up and down the calls somebody is sought who takes it.
static constexpr unsigned pairingDepth = 2;

PairedCalls::PairedCalls(const link::Program &program)
    : Callers(program.functionCount()), Callees(program.functionCount()) {
  for (link::FunctionId id = 1; id < program.functionCount(); ++id) {
    if (!program.function(id).hasBody)
      continue;
    const link::Program::UnitLink &link = program.link(program.function(id).row.unit);
    program.forEachEvent(id, [&](const ir::Event &event) {
      if (event.kind != ir::EventKind::Call)
        return;
      const link::FunctionId callee = link.functions[link.unit->calls[event.a].callee];
      if (callee && !llvm::is_contained(Callees[id], callee)) {
        Callees[id].push_back(callee);
        Callers[callee].push_back(id);
      }
    });
  }
}

/// The functions that those of a level lead to, once each.
template <typename Lists>
static llvm::SmallVector<link::FunctionId, 16> nextOf(llvm::ArrayRef<link::FunctionId> level, const Lists &lists) {
  llvm::SmallVector<link::FunctionId, 16> next;
  for (link::FunctionId id : level)
    next.append(lists[id].begin(), lists[id].end());
  llvm::sort(next);
  next.erase(llvm::unique(next), next.end());
  return next;
}

/// Whether the function, or what it calls, takes it.
bool PairedCalls::takesNearby(link::FunctionId function, llvm::function_ref<bool(link::FunctionId)> takes) const {
  llvm::SmallVector<link::FunctionId, 16> level{function};
  for (unsigned depth = 0; depth <= pairingDepth; ++depth) {
    if (llvm::any_of(level, takes))
      return true;
    level = nextOf(level, Callees);
  }
  return false;
}

bool PairedCalls::arePaired(llvm::ArrayRef<link::FunctionId> givers,
                            llvm::function_ref<bool(link::FunctionId)> takes) const {
  llvm::SmallVector<link::FunctionId, 16> level(givers.begin(), givers.end());
  for (unsigned depth = 0; depth <= pairingDepth && !level.empty(); ++depth) {
    llvm::erase_if(level, [&](link::FunctionId id) { return takesNearby(id, takes); });
    if (llvm::any_of(level, [&](link::FunctionId id) { return Callers[id].empty(); }))
      return false;
    level = nextOf(level, Callers);
  }
  return !givers.empty() && level.empty();
}

} // namespace gridlock::solve
