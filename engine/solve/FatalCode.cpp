//===- FatalCode.cpp - Code on the way to a fatal end -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A block is fatal when it calls what ends the program with an error, or when
// all blocks that follow it are. A function is fatal when its first block is, and
// whoever calls it is, in turn; so this is repeated until nothing changes. Blocks
// at a loop's head never are: a server that works for ever and then says "cannot happen"
// is no crash report. `__builtin_unreachable` after a call says that the call does not
// come back. An exit with status 0 is an orderly end, and so is one whose
// status is computed; and what `main` does before its last line is its work.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/FatalCode.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Deeper chains of functions that end the program add nothing.
static constexpr unsigned roundLimit = 6;

FatalCode::FatalCode(const link::Program &program) : Program(program) {
  for (link::UnitId unit = 0; unit < program.unitCount(); ++unit)
    Blocks.emplace_back(program.unit(unit).blocks.size(), false);
  Functions.assign(program.functionCount(), false);
  bool changed = true;
  for (unsigned round = 0; changed && round < roundLimit; ++round) {
    changed = false;
    for (link::FunctionId id = 1; id < program.functionCount(); ++id)
      if (program.function(id).hasBody)
        changed |= judge(id);
  }
}

bool FatalCode::endsProgram(link::UnitId unitId, const ir::Event &event) const {
  if (event.kind != ir::EventKind::Call)
    return false;
  const ir::Unit &unit = Program.unit(unitId);
  const ir::Call &call = unit.calls[event.a];
  link::FunctionId callee = call.callee ? Program.link(unitId).functions[call.callee] : 0;
  if (!callee)
    return false;
  const link::FunctionInfo &info = Program.function(callee);
  if (info.hasBody && (!info.model || info.model->builtin))
    return Functions[callee];
  if (!info.model)
    return info.flags & ir::FunctionIsNoReturn;
  auto saysFailure = [&](const model::Operand &status) {
    if (!status)
      return true;
    std::uint64_t number = std::uint64_t(status.steps.front().number);
    if (status.steps.front().kind != model::OperandKind::Argument || number >= call.arguments.count)
      return false;
    const ir::Expr &value = unit.exprs[unit.lists[call.arguments.first + number]];
    return value.kind == ir::ExprKind::IntConst && value.value != 0;
  };
  return !info.model->effect(model::EffectKind::Throws) &&
         llvm::any_of(info.model->effects, [&](const model::Effect &effect) {
           return effect.kind == model::EffectKind::Exits && effect.what.empty() && effect.when.empty() &&
                  saysFailure(effect.value);
         });
}

/// Whether the author says that nothing comes after this block, which does not
/// end in a call that never returns: what stands in it has failed.
static bool isDeclaredUnreachable(const ir::Unit &unit, const ir::Block &block) {
  if (block.terminator != ir::TerminatorKind::Unreachable)
    return false;
  for (std::uint32_t e = block.eventCount; e-- > 0;) {
    const ir::Event &event = unit.events[block.firstEvent + e];
    if (event.kind != ir::EventKind::Call)
      continue;
    const ir::Index callee = unit.calls[event.a].callee;
    return !callee || !(unit.functions[callee].flags & ir::FunctionIsNoReturn);
  }
  return true;
}

/// \returns whether something new was found.
bool FatalCode::judge(link::FunctionId id) {
  link::UnitId unitId = Program.function(id).row.unit;
  const ir::Unit &unit = Program.unit(unitId);
  const ir::Function &body = Program.body(id);
  std::vector<bool> &fatal = Blocks[unitId];
  bool found = false, changed = true;
  // Where a loop's head is reached again, its blocks are not decided by each other.
  for (unsigned round = 0; changed && round < 64; ++round) {
    changed = false;
    for (std::uint32_t b = body.blocks.count; b-- > 0;) {
      ir::Index row = unit.lists[body.blocks.first + b];
      const ir::Block &block = unit.blocks[row];
      if (fatal[row] || block.isLoopHead)
        continue;
      bool ends = isDeclaredUnreachable(unit, block);
      for (std::uint32_t e = 0; e < block.eventCount && !ends; ++e)
        ends = endsProgram(unitId, unit.events[block.firstEvent + e]);
      if (!ends && block.successors.count && block.terminator != ir::TerminatorKind::Throw) {
        ends = true;
        for (std::uint32_t s = 0; s < block.successors.count && ends; ++s)
          ends = fatal[unit.lists[block.successors.first + s]];
      }
      if (ends)
        fatal[row] = changed = found = true;
    }
  }
  if (!found || !body.blocks.count || !fatal[unit.lists[body.blocks.first]])
    return found;
  if (body.flags & ir::FunctionIsMain) {
    for (std::uint32_t b = 0; b < body.blocks.count; ++b)
      fatal[unit.lists[body.blocks.first + b]] = false;
    return false;
  }
  Functions[id] = true;
  return true;
}

} // namespace gridlock::solve
