//===- FlagLocks.cpp - Locks that are made of a flag ------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Flags that threads wait for are many: `ready`, `stop`, `full`. What makes one a
// lock is how it is used as a whole:
//
// * Some function waits in a loop (or with a predicate) while the flag is set, and
//   sets it then.
// * It is cleared by a function that wakes others, and who calls that function also
//   takes the flag: a flag that another thread clears hands something over, and is
//   no lock.
// * Nobody waits for the flag to be set, and nothing but constants is stored.
//
// A counter is the readers' side of the lock when it only goes up and down, goes
// up where somebody has waited for the flag without setting it, and is waited for
// by those who set the flag.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/FlagLocks.h"
#include "engine/solve/Subjects.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

using model::EffectKind;

FlagLocks::FlagLocks(const link::Program &program, const PairedCalls &pairs) : Program(program) {
  for (link::FunctionId id = 1; id < Program.functionCount(); ++id)
    if (Program.function(id).hasBody)
      collect(id);
  decide(pairs);
  for (const auto &[key, use] : Uses)
    if (Flags.contains(key.second) || FlagOfReaders.contains(key.second))
      Users.push_back(key.first);
  llvm::sort(Users);
  Users.erase(llvm::unique(Users), Users.end());
}

//===----------------------------------------------------------------------===//
// Collecting
//===----------------------------------------------------------------------===//

void FlagLocks::collect(link::FunctionId function) {
  const link::Program::UnitLink &link = Program.link(Program.function(function).row.unit);
  const ir::Unit &unit = *link.unit;
  llvm::SmallVector<Entity, 4> set, cleared;
  llvm::SmallVector<ir::Index, 2> waits;
  bool notifies = false;
  Program.forEachEvent(function, [&](const ir::Event &event) {
    if (event.kind == ir::EventKind::Assign && !(event.flags & ir::AssignIsInitialization)) {
      Entity entity = entityOf(link, event.a);
      if (!entity)
        return;
      const ir::Expr &value = unit.exprs[event.b];
      if (event.flags & ir::AssignIsUpdate) {
        Counted.insert(entity);
        Uses[{function, entity}];
      } else if (value.kind != ir::ExprKind::IntConst)
        Others.insert(entity);
      else
        (value.value ? set : cleared).push_back(entity);
    } else if (event.kind == ir::EventKind::Call) {
      link::FunctionId callee = link.functions[unit.calls[event.a].callee];
      if (!callee)
        return;
      if (Subjects::waitEffect(Program, callee))
        waits.push_back(event.a);
      if (const model::FunctionModel *model = Program.function(callee).model)
        notifies |= model->effect(EffectKind::Notify) != nullptr;
    }
  });
  if (!waits.empty())
    findWaits(function, waits);
  for (Entity entity : set)
    Uses[{function, entity}].claims = true;
  for (Entity entity : cleared)
    Uses[{function, entity}].clears |= notifies;
}

/// What must be zero for the value to have this truth; what must not be is other
/// than a lock, since somebody waits for it.
void FlagLocks::addZeros(link::FunctionId function, ir::Index value, bool truth,
                         llvm::SmallVectorImpl<Entity> &zeros) const {
  const link::Program::UnitLink &link = Program.link(Program.function(function).row.unit);
  const ir::Expr &e = link.unit->exprs[value];
  if (e.kind == ir::ExprKind::Load && !truth) {
    if (Entity entity = entityOf(link, e.a))
      zeros.push_back(entity);
  } else if (e.kind == ir::ExprKind::Unary && e.op == ir::Operator::Not) {
    addZeros(function, e.a, !truth, zeros);
  } else if (e.kind == ir::ExprKind::Binary) {
    const ir::Expr &right = link.unit->exprs[e.b];
    bool isZero = right.kind == ir::ExprKind::IntConst && right.value == 0;
    bool isOne = right.kind == ir::ExprKind::IntConst && right.value == 1;
    if ((isZero && (e.op == ir::Operator::Equal || e.op == ir::Operator::LessEqual)) ||
        (isOne && e.op == ir::Operator::Less))
      addZeros(function, e.a, !truth, zeros);
    else if ((isZero && (e.op == ir::Operator::NotEqual || e.op == ir::Operator::Greater)) ||
             (isOne && e.op == ir::Operator::GreaterEqual))
      addZeros(function, e.a, truth, zeros);
  }
}

/// What must be zero for the predicate of a waiting call to be true, or to be false.
void FlagLocks::addZerosOfPredicate(link::FunctionId function, ir::Index call, bool truth,
                                    llvm::SmallVectorImpl<Entity> &zeros) const {
  const link::Program::UnitLink &link = Program.link(Program.function(function).row.unit);
  const ir::Unit &unit = *link.unit;
  const ir::Call &wait = unit.calls[call];
  const model::Operand &predicate = Subjects::waitEffect(Program, link.functions[wait.callee])->predicate;
  bool isArgument = predicate.steps.size() == 1 && predicate.steps.front().kind == model::OperandKind::Argument &&
                    std::uint64_t(predicate.steps.front().number) < wait.arguments.count;
  if (!isArgument)
    return;
  const ir::Expr &address = unit.exprs[unit.lists[wait.arguments.first + predicate.steps.front().number]];
  const ir::Expr &object = unit.exprs[address.a];
  if (address.kind != ir::ExprKind::AddressOf || object.kind != ir::ExprKind::Local)
    return;
  const ir::Type &type = unit.types[unit.variables[object.a].type];
  link::RecordId closure = type.kind == ir::TypeKind::Record ? link.records[type.record] : 0;
  link::FunctionId body = closure ? Program.record(closure).callOperator : 0;
  if (!body || !Program.function(body).hasBody)
    return;
  const ir::Unit &inside = Program.unit(Program.function(body).row.unit);
  BodyGraph graph = makeGraph(inside, Program.body(body));
  auto setsFalse = [&](unsigned block) { // `a && b` is false here
    const ir::Block &code = *graph.blocks[block];
    if (!code.eventCount)
      return false;
    const ir::Event &first = inside.events[code.firstEvent];
    return first.kind == ir::EventKind::Assign && inside.exprs[first.b].kind == ir::ExprKind::IntConst &&
           inside.exprs[first.b].value == 0;
  };
  for (unsigned number = 0; number < graph.blocks.size(); ++number)
    if (const ir::Block &block = *graph.blocks[number]; graph.decides(number))
      for (unsigned side : {0u, 1u})
        if (setsFalse(graph.successors[number][side]))
          addZeros(body, block.value, truth == (side == 1), zeros);
  Program.forEachEvent(body, [&](const ir::Event &event) {
    if (event.kind == ir::EventKind::Assign && (event.flags & ir::AssignIsReturn))
      addZeros(body, event.b, truth, zeros);
  });
}

namespace {

/// The ways to a waiting call inside the loop around it.
class WaitLoop {
public:
  WaitLoop(const BodyGraph &graph, unsigned at) : G(graph), At(at), Reaches(graph.blocks.size(), false) {
    for (const BodyGraph::Loop &candidate : G.loops)
      if (candidate.inside[At] && (!Around || candidate.size < Around->size))
        Around = &candidate;
    if (!Around)
      return;
    Reaches[At] = true;
    for (bool changed = true; std::exchange(changed, false);)
      for (unsigned block = 0; block < G.blocks.size(); ++block)
        if (!Reaches[block] && Around->inside[block] &&
            llvm::any_of(G.successors[block], [&](unsigned next) { return canWait(next); }))
          changed = Reaches[block] = true;
  }

  /// Whether a branch on this side decides that the thread waits.
  bool decides(unsigned block, unsigned side) const {
    if (!Around || !Around->inside[block] || !G.decides(block))
      return false;
    unsigned to = G.successors[block][side], other = G.successors[block][1 - side];
    return canWait(to) && (!canWait(other) || isStraight(to));
  }

private:
  /// Whether the wait is reached before the loop goes round.
  bool canWait(unsigned block) const { return block == At || (block != Around->head && Reaches[block]); }

  /// Whether nothing is asked any more on the way to the wait.
  bool isStraight(unsigned from) const {
    for (std::size_t steps = 0; steps < G.blocks.size() && from != At; ++steps) {
      if (G.successors[from].size() != 1)
        return false;
      from = G.successors[from].front();
    }
    return from == At;
  }

  const BodyGraph &G;
  unsigned At;
  const BodyGraph::Loop *Around = nullptr;
  std::vector<bool> Reaches;
};

} // namespace

void FlagLocks::findWaits(link::FunctionId function, llvm::ArrayRef<ir::Index> calls) {
  const ir::Unit &unit = Program.unit(Program.function(function).row.unit);
  BodyGraph graph = makeGraph(unit, Program.body(function));
  auto add = [&](ir::Index call, llvm::ArrayRef<Entity> zeros) {
    for (Entity entity : zeros)
      if (auto &waits = Uses[{function, entity}].waits; !llvm::is_contained(waits, call))
        waits.push_back(call);
  };
  auto addAwaited = [&](ir::Index call, llvm::ArrayRef<Entity> awaited) {
    Others.insert(awaited.begin(), awaited.end());
    const link::FunctionId callee =
        Program.link(Program.function(function).row.unit).functions[unit.calls[call].callee];
    if (Subjects::waitEffect(Program, callee)->bound)
      return;
    Awaited.insert(awaited.begin(), awaited.end());
    for (Entity entity : awaited)
      AwaitedBy.insert({function, entity});
  };
  for (unsigned at = 0; at < graph.blocks.size(); ++at)
    for (std::uint32_t i = 0; i < graph.blocks[at]->eventCount; ++i) {
      const ir::Event &event = unit.events[graph.blocks[at]->firstEvent + i];
      if (event.kind != ir::EventKind::Call || !llvm::is_contained(calls, event.a))
        continue;
      llvm::SmallVector<Entity, 2> zeros, falsified;
      addZerosOfPredicate(function, event.a, /*truth=*/true, zeros);
      addZerosOfPredicate(function, event.a, /*truth=*/false, falsified);
      addAwaited(event.a, falsified);
      WaitLoop loop(graph, at);
      for (unsigned block = 0; block < graph.blocks.size(); ++block)
        for (unsigned side : {0u, 1u})
          if (loop.decides(block, side)) { // it goes on when the other side's condition holds
            addZeros(function, graph.blocks[block]->value, side == 1, zeros);
            llvm::SmallVector<Entity, 2> awaited;
            addZeros(function, graph.blocks[block]->value, side == 0, awaited);
            addAwaited(event.a, awaited);
          }
      add(event.a, zeros);
    }
}

//===----------------------------------------------------------------------===//
// Deciding
//===----------------------------------------------------------------------===//

/// Whether everybody who clears the flag has taken it.
bool FlagLocks::isPaired(Entity flag, const PairedCalls &pairs) const {
  llvm::SmallVector<link::FunctionId, 16> clearing;
  for (const auto &[key, use] : Uses)
    if (key.second == flag && use.clears)
      clearing.push_back(key.first);
  return pairs.arePaired(clearing, [&](link::FunctionId function) {
    auto use = Uses.find({function, flag});
    return use != Uses.end() && use->second.claims;
  });
}

void FlagLocks::decide(const PairedCalls &pairs) {
  for (const auto &[key, use] : Uses)
    if (auto [function, entity] = key; use.claims && !use.waits.empty() && !Others.contains(entity) &&
                                       !Counted.contains(entity) && !Flags.contains(entity) && isPaired(entity, pairs))
      Flags.insert(entity);
  // Counters that those who set a flag wait for.
  for (const auto &[key, use] : Uses) {
    auto [function, counter] = key;
    if (!Counted.contains(counter) || Others.contains(counter) || use.waits.empty())
      continue;
    for (Entity flag : Flags)
      if (auto writer = Uses.find({function, flag});
          writer != Uses.end() && writer->second.claims && !writer->second.waits.empty())
        FlagOfReaders[counter] = flag;
  }
}

llvm::ArrayRef<ir::Index> FlagLocks::waits(link::FunctionId function, Entity flag) const {
  auto use = Uses.find({function, flag});
  return use == Uses.end() ? llvm::ArrayRef<ir::Index>() : llvm::ArrayRef<ir::Index>(use->second.waits);
}

TermId FlagLocks::flagOfReaders(TermTable &terms, TermId place) const {
  auto found = FlagOfReaders.find(entityOf(terms, place));
  if (found == FlagOfReaders.end())
    return 0;
  if (link::GlobalId global = globalOf(found->second))
    return terms.global(global);
  const Term counter = terms[terms.declared(place)];
  link::FieldId flag = fieldOf(found->second);
  bool sameObject = counter.kind == TermKind::Field && Program.field(counter.b).record == Program.field(flag).record;
  return sameObject ? terms.field(counter.a, flag) : 0;
}

} // namespace gridlock::solve
