//===- Partition.cpp - Which threads share a process ------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A compilation database holds many programs over common code. Common code is
// solved once; what differs from program to program is only who runs beside whom.
// So every thread root carries the set of programs in which it runs, and two
// events can only meet in a program of both.
//
// When the build says what it links together, a root runs in the programs that
// its unit is linked into. When it does not, every `main` is a program, and code
// that no `main` reaches is a library, which any program may use. A thread runs
// where the function runs that starts it: the union over that function's roots,
// which may be threads themselves, so this is repeated until nothing changes.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Phases.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

void partitionRoots(Solution &solution) {
  const link::Program &program = solution.program;
  // Programs of the build first, then one for each `main` that it is silent about.
  unsigned count = program.programCount();
  llvm::SmallVector<link::FunctionId, 8> ownPrograms;
  for (link::FunctionId id : program.mains())
    if (program.programsOf(program.function(id).row.unit).empty())
      ownPrograms.push_back(id);
  unsigned all = std::max<unsigned>(count + unsigned(ownPrograms.size()), 1);

  auto ofUnit = [&](link::FunctionId function) {
    llvm::ArrayRef<std::uint32_t> known = program.programsOf(program.function(function).row.unit);
    llvm::SmallBitVector set(all, known.empty());
    for (std::uint32_t index : known)
      set.set(index);
    return set;
  };
  for (Root &root : solution.roots) {
    auto own = llvm::find(ownPrograms, root.function);
    if (!root.function) {
      root.programs.resize(all, true);
    } else if (!root.spawn && own != ownPrograms.end()) {
      root.programs.resize(all);
      root.programs.set(count + unsigned(own - ownPrograms.begin()));
    } else if (root.spawn) {
      root.programs.resize(all);
    } else {
      root.programs = ofUnit(root.function);
    }
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (Root &root : solution.roots) {
      if (!root.spawn)
        continue;
      llvm::SmallBitVector set = root.programs;
      for (const Context &context : solution.contexts[solution.spawns[root.spawn].function])
        set |= solution.roots[context.root].programs;
      set &= ofUnit(root.function);
      changed |= set != root.programs;
      root.programs = std::move(set);
    }
  }
  // A thread that nothing known starts, or that the build does not link with its
  // starter: no claim.
  for (Root &root : solution.roots)
    if (root.programs.none())
      root.programs.set();
}

} // namespace gridlock::solve
