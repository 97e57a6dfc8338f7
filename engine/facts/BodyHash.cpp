//===- BodyHash.cpp - Hashes what a body does -----------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A row's number differs from unit to unit. Everything that a body mentions is
// therefore replaced by something that does not: symbols by their stable names,
// variables, blocks and calls by their position in the function, expressions by
// a hash of their tree. Places in the source are left out.
//
//===----------------------------------------------------------------------===//

#include "engine/facts/UnitLowering.h"
#include "llvm/Support/xxhash.h"

namespace gridlock::facts {
namespace {

class Hasher {
public:
  explicit Hasher(const ir::Unit &unit)
      : U(unit), Ordinals(unit.variables.size()), CallOrdinals(unit.calls.size()), BlockOrdinals(unit.blocks.size()),
        Exprs(unit.exprs.size()) {}

  std::uint64_t function(const ir::Function &function);

private:
  void add(std::uint64_t value) { Words.push_back(value); }
  void addText(ir::Index string) { add(llvm::xxh3_64bits(U.text(string))); }
  std::uint64_t expression(ir::Index index);
  void event(const ir::Event &event);
  void call(ir::Index index);
  std::uint64_t finish() {
    const std::uint64_t hash = llvm::xxh3_64bits(
        llvm::ArrayRef<std::uint8_t>(reinterpret_cast<const std::uint8_t *>(Words.data()), Words.size() * 8));
    Words.clear();
    return hash;
  }

  const ir::Unit &U;
  std::vector<std::uint32_t> Ordinals, CallOrdinals, BlockOrdinals;
  std::vector<std::uint64_t> Exprs; ///< 0: not yet known
  std::vector<std::uint64_t> Words;
};

std::uint64_t Hasher::expression(ir::Index index) {
  if (Exprs[index])
    return Exprs[index];
  const ir::Expr &row = U.exprs[index];
  std::uint64_t a = 0, b = 0;
  switch (row.kind) {
  case ir::ExprKind::IntConst: // and how it was written
  case ir::ExprKind::StringConst:
    a = llvm::xxh3_64bits(U.text(row.a));
    break;
  case ir::ExprKind::FunctionRef:
    a = llvm::xxh3_64bits(U.text(U.functions[row.a].usr));
    break;
  case ir::ExprKind::Result:
    a = CallOrdinals[row.a];
    break;
  case ir::ExprKind::Local:
    a = Ordinals[row.a];
    break;
  case ir::ExprKind::Global:
    a = llvm::xxh3_64bits(U.text(U.globals[row.a].usr));
    break;
  case ir::ExprKind::Field:
    a = expression(row.a);
    b = llvm::xxh3_64bits(U.text(U.fields[row.b].name));
    break;
  default:
    a = row.a ? expression(row.a) : 0;
    b = row.b ? expression(row.b) : 0;
    break;
  }
  const std::uint64_t words[] = {std::uint64_t(row.kind) << 8 | std::uint64_t(row.op), a, b, std::uint64_t(row.value)};
  const std::uint64_t hash =
      llvm::xxh3_64bits(llvm::ArrayRef<std::uint8_t>(reinterpret_cast<const std::uint8_t *>(words), sizeof(words)));
  return Exprs[index] = hash ? hash : 1;
}

void Hasher::call(ir::Index index) {
  const ir::Call &call = U.calls[index];
  addText(U.functions[call.callee].usr);
  add(expression(call.calleeValue));
  for (std::uint32_t i = 0; i != call.arguments.count; ++i)
    add(expression(U.lists[call.arguments.first + i]));
  add(expression(call.destination));
  add(call.unwind ? BlockOrdinals[call.unwind] + 1 : 0);
  add(call.flags);
}

void Hasher::event(const ir::Event &event) {
  add(std::uint64_t(event.kind) << 8 | event.flags);
  switch (event.kind) {
  case ir::EventKind::Assign:
    add(expression(event.a));
    add(expression(event.b));
    break;
  case ir::EventKind::Read:
    add(expression(event.a));
    break;
  case ir::EventKind::Call:
    call(event.a);
    break;
  case ir::EventKind::Begin:
  case ir::EventKind::End:
    add(Ordinals[event.a]);
    break;
  case ir::EventKind::OnceBegin:
  case ir::EventKind::OnceEnd:
    addText(U.globals[event.a].usr);
    break;
  case ir::EventKind::ParallelBegin:
  case ir::EventKind::ParallelEnd:
  case ir::EventKind::ParallelOrder:
    add(event.b);
    [[fallthrough]];
  case ir::EventKind::Suspend:
  case ir::EventKind::None:
    add(event.a);
    break;
  }
}

std::uint64_t Hasher::function(const ir::Function &function) {
  std::uint32_t calls = 0;
  for (std::uint32_t i = 0; i != function.variables.count; ++i)
    Ordinals[U.lists[function.variables.first + i]] = i;
  for (std::uint32_t i = 0; i != function.blocks.count; ++i) {
    const ir::Index row = U.lists[function.blocks.first + i];
    BlockOrdinals[row] = i;
    for (std::uint32_t j = 0; j != U.blocks[row].eventCount; ++j)
      if (const ir::Event &event = U.events[U.blocks[row].firstEvent + j]; event.kind == ir::EventKind::Call)
        CallOrdinals[event.a] = ++calls;
  }
  for (std::uint32_t i = 0; i != function.variables.count; ++i) {
    const ir::Variable &variable = U.variables[U.lists[function.variables.first + i]];
    add(std::uint64_t(variable.kind) << 8 | variable.flags);
    addText(variable.name);
    addText(U.types[variable.type].name);
  }
  for (std::uint32_t i = 0; i != function.blocks.count; ++i) {
    const ir::Block &block = U.blocks[U.lists[function.blocks.first + i]];
    add(block.eventCount);
    for (std::uint32_t j = 0; j != block.eventCount; ++j)
      event(U.events[block.firstEvent + j]);
    add(std::uint64_t(block.terminator));
    add(expression(block.value));
    for (std::uint32_t j = 0; j != block.successors.count; ++j)
      add(BlockOrdinals[U.lists[block.successors.first + j]]);
    for (std::uint32_t j = 0; j != block.cases.count; ++j)
      add(expression(U.lists[block.cases.first + j]));
  }
  return finish();
}

} // namespace

void hashBodies(ir::Unit &unit) {
  Hasher hasher(unit);
  for (ir::Function &function : unit.functions)
    if (function.blocks.count != 0)
      function.bodyHash = hasher.function(function);
}

} // namespace gridlock::facts
