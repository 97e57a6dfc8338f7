//===- CallableFlow.h - Where function values may flow ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Which functions a call through a pointer, a `std::function` or a table may
/// reach. Field-based: all objects of a class share one set for each field
/// (Heintze, Tardieu, PLDI 2001; Feldthaus et al., ICSE 2013). Only function
/// values flow, so the graph stays small.
///
/// Built once, before the call graph; read-only afterwards.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_LINK_CALLABLEFLOW_H
#define GRIDLOCK_ENGINE_LINK_CALLABLEFLOW_H

#include "engine/link/Program.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace gridlock::link {

class CallableFlow {
public:
  explicit CallableFlow(const Program &program);

  /// The functions that the value of an expression in `function` may be. For a
  /// closure object this is its call operator.
  llvm::ArrayRef<FunctionId> targets(FunctionId function, ir::Index expr) const;
  llvm::ArrayRef<FunctionId> ofField(FieldId field) const { return ofNode({NodeKind::Field, field, 0}); }
  llvm::ArrayRef<FunctionId> ofGlobal(GlobalId global) const { return ofNode({NodeKind::Global, global, 0}); }
  llvm::ArrayRef<FunctionId> ofLocal(FunctionId function, ir::Index variable) const {
    return ofNode({NodeKind::Local, function, variable});
  }

  /// Calls `visit` with every function that some field or global may hold.
  void forEachKept(llvm::function_ref<void(FunctionId)> visit) const;

private:
  friend class FlowBuilder;
  enum class NodeKind : std::uint8_t { None, Field, Global, Local, Return };
  struct NodeName {
    NodeKind kind = NodeKind::None;
    std::uint32_t a = 0, b = 0;
  };
  using NodeIndex = std::uint32_t;
  NodeIndex find(NodeName name) const;
  llvm::ArrayRef<FunctionId> ofNode(NodeName name) const;
  NodeName entity(FunctionId function, ir::Index expr, unsigned depth = 0) const;
  NodeName operandEntity(FunctionId function, const ir::Call &call, const model::Operand &operand,
                         unsigned depth) const;

  const Program &Linked;
  llvm::DenseMap<std::pair<std::uint32_t, std::pair<std::uint32_t, std::uint32_t>>, NodeIndex> Names;
  std::vector<llvm::SmallVector<FunctionId, 2>> Sets{{}};
};

} // namespace gridlock::link

#endif // GRIDLOCK_ENGINE_LINK_CALLABLEFLOW_H
