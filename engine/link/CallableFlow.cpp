//===- CallableFlow.cpp - Where function values may flow --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An inclusion analysis over *entities*. The entity of a place is the innermost
// declared thing on its path: the field, global, local or returned value. What
// a container or a `std::function` holds belongs to the entity of the container
// itself, because models name it by ghost fields (`this.$elements`), which have
// no entity of their own. So `for (auto &f : listeners_) f()` reaches all that
// was ever pushed into the field `listeners_` of any object.
//
// Sources are function references and closure objects. A closure object is its
// call operator wherever its address flows. Edges come from assignments,
// arguments, returned values, and from the models' `set`, `stores`, `swap` and
// `returns`. Calls through values add edges for their arguments in a second
// round, when the targets of the first are known.
//
//===----------------------------------------------------------------------===//

#include "engine/link/CallableFlow.h"
#include "engine/summary/Parameters.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::link {

using model::EffectKind;
using model::OperandKind;

/// A set larger than this says nothing: calls through it are not followed.
static constexpr unsigned largestSet = 64;

class FlowBuilder {
public:
  FlowBuilder(CallableFlow &flow, const Program &program) : Flow(flow), Linked(program) { Edges.resize(1); }

  void run() {
    for (unsigned round = 0; round < 2; ++round) {
      for (FunctionId id = 1; id < Linked.functionCount(); ++id)
        if (Linked.function(id).hasBody)
          addFunction(id, round);
      propagate();
    }
  }

private:
  using NodeName = CallableFlow::NodeName;
  using NodeKind = CallableFlow::NodeKind;
  using NodeIndex = CallableFlow::NodeIndex;

  NodeIndex intern(NodeName name) {
    if (name.kind == NodeKind::None)
      return 0;
    auto [entry, isNew] =
        Flow.Names.try_emplace({std::uint32_t(name.kind), {name.a, name.b}}, NodeIndex(Flow.Sets.size()));
    if (isNew) {
      Flow.Sets.emplace_back();
      Edges.emplace_back();
    }
    return entry->second;
  }

  void addSource(NodeIndex node, FunctionId function) {
    if (!node || !function)
      return;
    auto &set = Flow.Sets[node];
    if (set.size() < largestSet && !llvm::is_contained(set, function)) {
      set.push_back(function);
      Work.push_back(node);
    }
  }

  void addEdge(NodeIndex from, NodeIndex to) {
    if (!from || !to || from == to || llvm::is_contained(Edges[from], to))
      return;
    Edges[from].push_back(to);
    if (!Flow.Sets[from].empty())
      Work.push_back(from);
  }

  void propagate() {
    while (!Work.empty()) {
      NodeIndex node = Work.back();
      Work.pop_back();
      for (NodeIndex next : Edges[node])
        for (FunctionId function : llvm::SmallVector<FunctionId, 2>(Flow.Sets[node]))
          addSource(next, function);
    }
  }

  void addFunction(FunctionId id, unsigned round) {
    const FunctionInfo &info = Linked.function(id);
    const ir::Unit &unit = Linked.unit(info.row.unit);
    Linked.forEachEvent(id, [&](const ir::Event &event) {
      if (event.kind == ir::EventKind::Assign)
        flowInto(id, intern(targetEntity(id, event.a)), event.b);
      else if (event.kind == ir::EventKind::Call)
        addCall(id, unit.calls[event.a], round);
    });
  }

  /// As `entity`, but the return slot is the function's returned value.
  NodeName targetEntity(FunctionId id, ir::Index place) {
    NodeName name = Flow.entity(id, place);
    return name;
  }

  /// Lets the value of an expression flow into a node.
  void flowInto(FunctionId id, NodeIndex to, ir::Index expr) {
    if (!to || !expr)
      return;
    const Program::UnitLink &link = Linked.link(Linked.function(id).row.unit);
    const ir::Expr &value = link.unit->exprs[expr];
    if (value.kind == ir::ExprKind::FunctionRef) {
      addSource(to, link.functions[value.a]);
      return;
    }
    addObject(id, to, expr);
    addEdge(intern(Flow.entity(id, expr)), to);
  }

  /// When the expression is (the address of) an object with a call operator.
  void addObject(FunctionId id, NodeIndex to, ir::Index expr) {
    UnitId unitId = Linked.function(id).row.unit;
    const ir::Unit &unit = Linked.unit(unitId);
    const ir::Expr &value = unit.exprs[expr];
    if (value.kind != ir::ExprKind::AddressOf && value.kind != ir::ExprKind::Load)
      return;
    const ir::Expr &place = unit.exprs[value.a];
    if (RecordId record = Linked.recordOfType(unitId, place.type))
      if (FunctionId callOperator = Linked.record(record).callOperator)
        if (Linked.function(callOperator).hasBody)
          addSource(to, callOperator);
  }

  void addCall(FunctionId id, const ir::Call &call, unsigned round) {
    const Program::UnitLink &link = Linked.link(Linked.function(id).row.unit);
    FunctionId callee = link.functions[call.callee];
    if (!callee) {
      if (round == 1 && call.calleeValue)
        for (FunctionId target : llvm::SmallVector<FunctionId, 8>(Flow.targets(id, call.calleeValue)))
          passArguments(id, call, target, /*viaPointer=*/true);
      return;
    }
    if (const model::FunctionModel *model = Linked.function(callee).model) {
      addModel(id, call, *model);
      return;
    }
    if (call.flags & ir::CallIsVirtual)
      for (FunctionId target : Linked.virtualTargets(callee, link.records[call.receiver], 8))
        passArguments(id, call, target, false);
    else if (Linked.function(callee).hasBody)
      passArguments(id, call, callee, false);
  }

  void passArguments(FunctionId id, const ir::Call &call, FunctionId callee, bool viaPointer) {
    const FunctionInfo &info = Linked.function(callee);
    if (!info.hasBody)
      return;
    const ir::Unit &from = Linked.unit(Linked.function(id).row.unit);
    const ir::Unit &unit = Linked.unit(info.row.unit);
    const ir::Function &body = Linked.body(callee);
    unsigned offset = 0;
    if (ir::takesObject(unit, body))
      offset = viaPointer && (info.flags & ir::FunctionIsLambda) ? 0 : 1;
    for (std::uint32_t v = 0; v < body.variables.count; ++v) {
      ir::Index row = unit.lists[body.variables.first + v];
      const ir::Variable &variable = unit.variables[row];
      if (variable.kind != ir::VariableKind::Parameter || variable.position + offset >= call.arguments.count)
        continue;
      flowInto(id, intern({NodeKind::Local, callee, row}),
               from.lists[call.arguments.first + variable.position + offset]);
    }
    if (call.destination)
      addEdge(intern({NodeKind::Return, callee, 0}), intern(Flow.entity(id, call.destination)));
  }

  void addModel(FunctionId id, const ir::Call &call, const model::FunctionModel &model) {
    for (const model::Effect &effect : model.effects) {
      switch (effect.kind) {
      case EffectKind::Set:
        flowOperand(id, call, effect.place, effect.value);
        break;
      case EffectKind::Move:
        flowOperand(id, call, effect.place, effect.from);
        break;
      case EffectKind::Constructs: // a wrapper of a callable, made in a container
        for (model::Operand argument : effect.arguments) {
          std::int64_t &number = argument.steps.front().number;
          bool isRest = argument.andFollowing && argument.steps.front().kind == OperandKind::Argument;
          std::int64_t last = isRest ? std::int64_t(call.arguments.count) - 1 : number;
          do
            flowOperand(id, call, effect.place, argument);
          while (++number <= last);
        }
        break;
      case EffectKind::Stores:
        flowOperand(id, call, effect.place, effect.callee);
        break;
      case EffectKind::Swap:
        flowOperand(id, call, effect.place, effect.value);
        flowOperand(id, call, effect.value, effect.place);
        break;
      case EffectKind::Returns:
        if (call.destination)
          addEdge(intern(Flow.operandEntity(id, call, effect.value, 0)), intern(Flow.entity(id, call.destination)));
        break;
      default:
        break;
      }
    }
  }

  void flowOperand(FunctionId id, const ir::Call &call, const model::Operand &place, const model::Operand &value) {
    if (!place || !value)
      return;
    NodeIndex to = intern(Flow.operandEntity(id, call, place, 0));
    const ir::Unit &unit = Linked.unit(Linked.function(id).row.unit);
    const model::Operand::Step &first = value.steps.front();
    if (first.kind == OperandKind::Argument && std::uint64_t(first.number) < call.arguments.count)
      flowInto(id, to, unit.lists[call.arguments.first + first.number]);
    else
      addEdge(intern(Flow.operandEntity(id, call, value, 0)), to);
  }

  CallableFlow &Flow;
  const Program &Linked;
  std::vector<llvm::SmallVector<NodeIndex, 2>> Edges;
  std::vector<NodeIndex> Work;
};

CallableFlow::CallableFlow(const Program &program) : Linked(program) { FlowBuilder(*this, program).run(); }

CallableFlow::NodeIndex CallableFlow::find(NodeName name) const {
  auto found = Names.find({std::uint32_t(name.kind), {name.a, name.b}});
  return found == Names.end() ? 0 : found->second;
}

llvm::ArrayRef<FunctionId> CallableFlow::ofNode(NodeName name) const { return Sets[find(name)]; }

void CallableFlow::forEachKept(llvm::function_ref<void(FunctionId)> visit) const {
  for (const auto &[name, node] : Names)
    if (NodeKind(name.first) == NodeKind::Field || NodeKind(name.first) == NodeKind::Global)
      llvm::for_each(Sets[node], visit);
}

CallableFlow::NodeName CallableFlow::entity(FunctionId function, ir::Index expr, unsigned depth) const {
  if (depth > 24)
    return {};
  const Program::UnitLink &link = Linked.link(Linked.function(function).row.unit);
  const ir::Expr &e = link.unit->exprs[expr];
  switch (e.kind) {
  case ir::ExprKind::Local:
    if (link.unit->variables[e.a].kind == ir::VariableKind::ReturnSlot)
      return {NodeKind::Return, function, 0};
    return {NodeKind::Local, function, e.a};
  case ir::ExprKind::Global:
    return {NodeKind::Global, link.globals[e.a], 0};
  case ir::ExprKind::Field:
    if (Linked.isPartOfAggregate(link.fields[e.b]))
      return entity(function, e.a, depth + 1);
    return {NodeKind::Field, link.fields[e.b], 0};
  case ir::ExprKind::Index:
  case ir::ExprKind::Deref:
  case ir::ExprKind::Load:
  case ir::ExprKind::AddressOf:
    return entity(function, e.a, depth + 1);
  case ir::ExprKind::Result: {
    const ir::Call &call = link.unit->calls[e.a];
    FunctionId callee = link.functions[call.callee];
    if (!callee)
      return {};
    if (const model::FunctionModel *model = Linked.function(callee).model) {
      for (const model::Effect &effect : model->effects)
        if (effect.kind == EffectKind::Returns)
          return operandEntity(function, call, effect.value, depth + 1);
      return {};
    }
    return {NodeKind::Return, callee, 0};
  }
  default:
    return {};
  }
}

CallableFlow::NodeName CallableFlow::operandEntity(FunctionId function, const ir::Call &call,
                                                   const model::Operand &operand, unsigned depth) const {
  if (!operand)
    return {};
  const ir::Unit &unit = Linked.unit(Linked.function(function).row.unit);
  const model::Operand::Step &first = operand.steps.front();
  if (first.kind == OperandKind::Argument && std::uint64_t(first.number) < call.arguments.count)
    return entity(function, unit.lists[call.arguments.first + first.number], depth + 1);
  if (first.kind == OperandKind::Result && call.destination)
    return entity(function, call.destination, depth + 1);
  return {};
}

llvm::ArrayRef<FunctionId> CallableFlow::targets(FunctionId function, ir::Index expr) const {
  return ofNode(entity(function, expr));
}

} // namespace gridlock::link
