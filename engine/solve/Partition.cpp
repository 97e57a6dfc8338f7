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
// its unit is linked into. When it does not, every `main` is a program of the
// units that a linker would need for it: those that define what its unit refers
// to, and so on. (A name that several units define tells nothing.) What no `main`
// needs is a library or is registered by itself, and any program may have it. A thread runs
// where the function runs that starts it: the union over that function's roots,
// which may be threads themselves, so this is repeated until nothing changes.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Phases.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

namespace gridlock::solve {

namespace {

/// Finds the units that each `main` needs, as a linker would.
class NeededUnits {
public:
  explicit NeededUnits(const link::Program &program) : Program(program), Needs(program.unitCount()) {
    for (link::FunctionId id = 1; id < program.functionCount(); ++id) {
      const link::FunctionInfo &info = program.function(id);
      if (info.hasBody && !(info.flags & (ir::FunctionIsInternal | ir::FunctionIsInline)))
        ++Definitions[info.usr];
    }
    GlobalDefinitions.resize(program.globalCount());
    for (link::UnitId unit = 0; unit < program.unitCount(); ++unit) {
      const link::Program::UnitLink &link = program.link(unit);
      for (ir::Index row = 1; row < link.unit->globals.size(); ++row)
        if (link.unit->globals[row].flags & ir::GlobalIsDefinition)
          ++GlobalDefinitions[link.globals[row]];
    }
    for (link::UnitId unit = 0; unit < program.unitCount(); ++unit)
      findNeeds(unit);
  }

  llvm::BitVector of(link::UnitId main) const {
    llvm::BitVector found(unsigned(Program.unitCount()));
    llvm::SmallVector<link::UnitId, 32> work{main};
    found.set(main);
    while (!work.empty())
      for (link::UnitId next : Needs[work.pop_back_val()])
        if (!found.test(next)) {
          found.set(next);
          work.push_back(next);
        }
    return found;
  }

private:
  void findNeeds(link::UnitId id) {
    const link::Program::UnitLink &link = Program.link(id);
    auto need = [&](link::UnitId unit) {
      if (unit != id && !llvm::is_contained(Needs[id], unit))
        Needs[id].push_back(unit);
    };
    for (ir::Index row = 1; row < link.unit->functions.size(); ++row) {
      const link::FunctionInfo &info = Program.function(link.functions[row]);
      if (!link.unit->functions[row].blocks.count && info.hasBody && Definitions.lookup(info.usr) == 1)
        need(info.row.unit);
    }
    for (ir::Index row = 1; row < link.unit->globals.size(); ++row) {
      const link::GlobalInfo &info = Program.global(link.globals[row]);
      if (!(link.unit->globals[row].flags & ir::GlobalIsDefinition) && GlobalDefinitions[link.globals[row]] == 1)
        need(info.row.unit);
    }
  }

  const link::Program &Program;
  llvm::StringMap<unsigned> Definitions;   ///< of functions, by name
  std::vector<unsigned> GlobalDefinitions; ///< by GlobalId
  std::vector<llvm::SmallVector<link::UnitId, 8>> Needs;
};

} // namespace

bool Solution::mayRun(std::uint32_t root, link::FunctionId function) const {
  const link::RowRef &row = program.function(function).row;
  return unitPrograms.empty() || unitPrograms[row.unit].anyCommon(roots[root].programs);
}

/// Says of each unit in which programs it is.
static void partitionUnits(Solution &solution, unsigned all, llvm::ArrayRef<link::FunctionId> ownPrograms) {
  const link::Program &program = solution.program;
  unsigned count = program.programCount();
  solution.unitPrograms.assign(program.unitCount(), llvm::SmallBitVector(all));
  for (link::UnitId unit = 0; unit < program.unitCount(); ++unit)
    for (std::uint32_t index : program.programsOf(unit))
      solution.unitPrograms[unit].set(index);
  if (ownPrograms.size() > 1) {
    NeededUnits needed(program);
    for (unsigned i = 0; i < ownPrograms.size(); ++i)
      for (unsigned unit : needed.of(program.function(ownPrograms[i]).row.unit).set_bits())
        if (program.programsOf(unit).empty())
          solution.unitPrograms[unit].set(count + i);
  }
  for (llvm::SmallBitVector &set : solution.unitPrograms)
    if (set.none())
      set.set();
}

void partitionRoots(Solution &solution) {
  const link::Program &program = solution.program;
  // Programs of the build first, then one for each `main` that it is silent about.
  unsigned count = program.programCount();
  llvm::SmallVector<link::FunctionId, 8> ownPrograms;
  for (link::FunctionId id : program.mains())
    if (program.programsOf(program.function(id).row.unit).empty())
      ownPrograms.push_back(id);
  unsigned all = std::max<unsigned>(count + unsigned(ownPrograms.size()), 1);

  partitionUnits(solution, all, ownPrograms);
  auto ofUnit = [&](link::FunctionId function) { return solution.unitPrograms[program.function(function).row.unit]; };
  for (Root &root : solution.roots) {
    root.programs.clear();
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
