//===- OwnSemaphores.cpp - Semaphores that a program makes itself -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The problem. Before C++20, and where `sem_t` has no time-outs or does not work
// between processes, programs write a semaphore themselves. To the analysis its
// `wait()` takes a mutex and lets it go again, so what stands between `wait()` and
// `post()` is guarded by nothing.
//
// The answer. A field is the count of a semaphore when all that is ever done with it is
// what semaphores do:
//
// * Some function waits with a condition variable until it is not zero, and takes one
//   off; it does nothing else but count who waits.
// * Some function adds one and wakes others; it does nothing else either. Both take a
//   lock for that. A queue that counts its entries also moves them, so it is none.
// * Everybody else only gives it its first value: a constant, or a parameter.
//   Functions that try to take one off, without waiting, are left as they are.
//
// So is a field that is a semaphore of a library, when all that is done with it is that
// functions of its class wait for it, post it and set it up.
//
// A class with two such fields is none: its object does not tell which one is meant.
// Where the object is made by a function that returns it, the count that this function
// is asked for is the object's.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/OwnSemaphores.h"
#include "engine/summary/Parameters.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

using model::EffectKind;

OwnSemaphores::OwnSemaphores(const link::Program &program, const FlagLocks &flags) : Program(program), Flags(flags) {
  for (link::FunctionId id = 1; id < Program.functionCount(); ++id)
    if (Program.function(id).hasBody)
      collect(id);
  decide();
  if (!Counts.empty())
    findMakers();
  findWrappers();
  Uses.clear();
}

const ir::Expr *initialCount(const ir::Unit &unit, const ir::Call &call, const model::FunctionModel &model) {
  for (const model::Effect &effect : model.effects) {
    bool isCount = effect.kind == EffectKind::Set && !effect.place.steps.empty() &&
                   effect.place.steps.back().name == "$count" && effect.value.steps.size() == 1;
    if (!isCount)
      continue;
    const model::Operand::Step &value = effect.value.steps.front();
    if (value.kind == model::OperandKind::Argument && std::uint64_t(value.number) < call.arguments.count)
      return &unit.exprs[unit.lists[call.arguments.first + value.number]];
  }
  return nullptr;
}

static bool hasEffect(const model::FunctionModel *model, EffectKind kind) { return model && model->effect(kind); }

//===----------------------------------------------------------------------===//
// Collecting
//===----------------------------------------------------------------------===//

/// The argument, `this` counted, that a value is.
std::optional<unsigned> OwnSemaphores::argumentOf(link::FunctionId function, ir::Index value) const {
  const ir::Unit &unit = Program.unit(Program.function(function).row.unit);
  const ir::Expr &load = unit.exprs[value];
  if (load.kind != ir::ExprKind::Load || unit.exprs[load.a].kind != ir::ExprKind::Local)
    return std::nullopt;
  const ir::Variable &variable = unit.variables[unit.exprs[load.a].a];
  if (variable.kind == ir::VariableKind::This)
    return 0;
  if (variable.kind != ir::VariableKind::Parameter)
    return std::nullopt;
  return variable.position + (ir::takesObject(unit, Program.body(function)) ? 1u : 0u);
}

/// The argument that leads to the object whose field a place is.
std::optional<unsigned> OwnSemaphores::objectOf(link::FunctionId function, ir::Index place) const {
  const ir::Unit &unit = Program.unit(Program.function(function).row.unit);
  const ir::Expr &field = unit.exprs[place];
  if (field.kind != ir::ExprKind::Field || unit.exprs[field.a].kind != ir::ExprKind::Deref)
    return std::nullopt;
  return argumentOf(function, unit.exprs[field.a].a);
}

/// Whether an event changes nothing but local variables and counters, and calls
/// nothing that changes what it is given.
bool OwnSemaphores::isPlain(const link::Program::UnitLink &link, const ir::Event &event) const {
  const ir::Unit &unit = *link.unit;
  if (event.kind == ir::EventKind::Call) {
    const link::FunctionInfo &callee = Program.function(link.functions[unit.calls[event.a].callee]);
    // What gets nothing but constants says that something has failed.
    const ir::Call &call = unit.calls[event.a];
    const auto arguments = llvm::ArrayRef(unit.lists).slice(call.arguments.first, call.arguments.count);
    const bool isMessage = !arguments.empty() && llvm::all_of(arguments, [&](ir::Index argument) {
      const ir::ExprKind kind = unit.exprs[argument].kind;
      return kind == ir::ExprKind::StringConst || kind == ir::ExprKind::IntConst;
    });
    return (callee.flags & ir::FunctionIsNoReturn) || isMessage ||
           (callee.model && !hasEffect(callee.model, EffectKind::Writes));
  }
  if (event.kind != ir::EventKind::Assign)
    return true;
  ir::Index place = event.a;
  const bool isCounted = unit.exprs[place].kind == ir::ExprKind::Field && (event.flags & ir::AssignIsUpdate);
  while (unit.exprs[place].kind == ir::ExprKind::Field || unit.exprs[place].kind == ir::ExprKind::Index)
    place = unit.exprs[place].a;
  return isCounted || unit.exprs[place].kind == ir::ExprKind::Local;
}

void OwnSemaphores::noteStore(link::FunctionId function, const ir::Event &event, Use &use) {
  const ir::Unit &unit = Program.unit(Program.function(function).row.unit);
  const ir::Expr &stored = unit.exprs[event.b];
  use.object = objectOf(function, event.a);
  if (event.flags & ir::AssignIsUpdate) {
    const ir::Expr &by = unit.exprs[stored.b];
    const bool isStep = stored.kind == ir::ExprKind::Binary && by.kind == ir::ExprKind::IntConst &&
                        (by.value == 1 || by.value == -1) &&
                        (stored.op == ir::Operator::Add || stored.op == ir::Operator::Subtract);
    if (!isStep)
      use.up = use.down = 2; // no such function
    else
      ++((stored.op == ir::Operator::Add) == (by.value > 0) ? use.up : use.down);
    return;
  }
  ++use.sets;
  if (stored.kind == ir::ExprKind::IntConst)
    use.count = stored.value;
  else
    use.countArgument = argumentOf(function, event.b);
}

bool OwnSemaphores::isSemaphore(link::UnitId unit, ir::Index type) const {
  const model::TypeModel *model = Program.typeModel(unit, type);
  return (model && model->lock == model::LockKind::Semaphore) || contains(Program.recordOfType(unit, type));
}

/// A call that waits for a library's semaphore in an object, posts it or sets it up:
/// the field that it is; 0: it is none.
Entity OwnSemaphores::noteLibraryCall(link::FunctionId function, const ir::Call &call) {
  const link::Program::UnitLink &link = Program.link(Program.function(function).row.unit);
  const ir::Unit &unit = *link.unit;
  const model::FunctionModel *model = Program.function(link.functions[call.callee]).model;
  if (!model || !call.arguments.count)
    return 0;
  const ir::Expr &address = unit.exprs[unit.lists[call.arguments.first]];
  if (address.kind != ir::ExprKind::AddressOf || unit.exprs[address.a].kind != ir::ExprKind::Field)
    return 0;
  const Entity entity = entityOf(link, address.a);
  const link::RowRef row = Program.field(fieldOf(entity)).row;
  if (!isSemaphore(row.unit, Program.unit(row.unit).fields[row.row].type))
    return 0;
  Use &use = Uses[entity][function];
  use.object = objectOf(function, address.a);
  if (const ir::Expr *count = initialCount(unit, call, *model)) {
    ++use.sets;
    if (count->kind == ir::ExprKind::IntConst)
      use.count = count->value;
    else
      use.countArgument = argumentOf(function, ir::Index(count - unit.exprs.data()));
  }
  use.awaits |= hasEffect(model, EffectKind::Acquire);
  use.notifies |= hasEffect(model, EffectKind::Release);
  use.down += hasEffect(model, EffectKind::Acquire) || hasEffect(model, EffectKind::TryAcquire);
  use.up += hasEffect(model, EffectKind::Release);
  use.locks = true; // its own business
  return entity;
}

void OwnSemaphores::collect(link::FunctionId function) {
  const link::Program::UnitLink &link = Program.link(Program.function(function).row.unit);
  bool isPlainBody = true, notifies = false, locks = false;
  llvm::SmallVector<Entity, 2> stored;
  Program.forEachEvent(function, [&](const ir::Event &event) {
    isPlainBody &= isPlain(link, event);
    if (event.kind == ir::EventKind::Call) {
      const ir::Call &call = link.unit->calls[event.a];
      const model::FunctionModel *model = Program.function(link.functions[call.callee]).model;
      notifies |= hasEffect(model, EffectKind::Notify);
      locks |= hasEffect(model, EffectKind::Acquire);
      if (const Entity entity = noteLibraryCall(function, call))
        stored.push_back(entity);
    } else if (event.kind == ir::EventKind::Assign) {
      const Entity entity = entityOf(link, event.a);
      if (!fieldOf(entity) || !Flags.isAwaitedNonZero(entity))
        return;
      noteStore(function, event, Uses[entity][function]);
      stored.push_back(entity);
    }
  });
  for (const Entity entity : stored) {
    Use &use = Uses[entity][function];
    use.isPlain = isPlainBody;
    use.notifies |= notifies;
    use.locks |= locks;
    use.awaits |= Flags.awaitsNonZero(function, entity);
  }
}

//===----------------------------------------------------------------------===//
// Deciding
//===----------------------------------------------------------------------===//

void OwnSemaphores::decide() {
  llvm::DenseSet<link::RecordId> several;
  for (const auto &[count, functions] : Uses) {
    bool isAwaited = false, isPosted = false, isOther = false;
    llvm::SmallVector<std::pair<link::FunctionId, Operation>, 4> operations;
    for (const auto &[function, use] : functions) {
      Operation operation;
      operation.object = use.object.value_or(0);
      const bool isStep =
          use.isPlain && use.locks && use.object && *use.object < 2 && use.sets == 0 && use.up + use.down == 1;
      if (isStep && use.down == 1 && use.awaits) {
        operation.act = Act::Wait;
        isAwaited = true;
      } else if (isStep && use.up == 1 && use.notifies && !use.awaits) {
        operation.act = Act::Post;
        isPosted = true;
      } else if (use.up + use.down == 0 && use.sets == 1 && !use.awaits && (use.count || use.countArgument)) {
        operation.act = Act::SetUp;
        operation.count = use.count;
        operation.countArgument = use.countArgument;
        if (!use.object)
          continue; // a static object, or one that the function makes
      } else if (use.down == 1 && use.up + use.sets == 0) {
        continue; // tries, or waits for some time only
      } else if (use.up + use.down + use.sets == 0 && !use.awaits) {
        continue; // ends the library's semaphore, or asks for its count
      } else {
        isOther = true;
      }
      operations.push_back({function, operation});
    }
    const link::RecordId record = Program.field(fieldOf(count)).record;
    if (isOther || !isAwaited || !isPosted || !record)
      continue;
    if (!Counts.try_emplace(record, count).second)
      several.insert(record);
    Operations.insert(operations.begin(), operations.end());
  }
  for (const link::RecordId record : several) {
    for (const auto &[count, functions] : Uses)
      if (Program.field(fieldOf(count)).record == record)
        for (const auto &[function, use] : functions)
          Operations.erase(function);
    Counts.erase(record);
  }
}

/// Functions that set an object up with a count that they get, and return it.
void OwnSemaphores::findMakers() {
  llvm::SmallVector<std::pair<link::FunctionId, Operation>, 2> found;
  for (link::FunctionId id = 1; id < Program.functionCount(); ++id) {
    const link::FunctionInfo &info = Program.function(id);
    if (!info.hasBody || Operations.contains(id))
      continue;
    const link::Program::UnitLink &link = Program.link(info.row.unit);
    const ir::Type &result = link.unit->types[Program.body(id).returnType];
    if (result.kind != ir::TypeKind::Pointer ||
        !contains(Program.recordOfType(info.row.unit, ir::Index(result.element))))
      continue;
    Operation operation;
    operation.act = Act::Make;
    Program.forEachEvent(id, [&](const ir::Event &event) {
      if (event.kind != ir::EventKind::Call)
        return;
      const ir::Call &call = link.unit->calls[event.a];
      const Operation *setUp = this->operation(link.functions[call.callee]);
      if (!setUp || setUp->act != Act::SetUp)
        return;
      operation.count = setUp->count;
      if (setUp->countArgument && *setUp->countArgument < call.arguments.count)
        operation.countArgument = argumentOf(id, link.unit->lists[call.arguments.first + *setUp->countArgument]);
    });
    if (operation.count || operation.countArgument)
      found.push_back({id, operation});
  }
  Operations.insert(found.begin(), found.end());
}

/// Functions that do nothing but wait for the semaphore that they get, or post it.
void OwnSemaphores::findWrappers() {
  llvm::SmallVector<std::pair<link::FunctionId, Operation>, 2> found;
  for (link::FunctionId id = 1; id < Program.functionCount(); ++id) {
    const link::FunctionInfo &info = Program.function(id);
    if (!info.hasBody || Operations.contains(id))
      continue;
    const link::Program::UnitLink &link = Program.link(info.row.unit);
    const ir::Unit &unit = *link.unit;
    if (unit.types[Program.body(id).returnType].kind != ir::TypeKind::Void)
      continue;
    Operation operation;
    unsigned count = 0;
    bool isPlainBody = true;
    Program.forEachEvent(id, [&](const ir::Event &event) {
      const link::FunctionId callee =
          event.kind == ir::EventKind::Call ? link.functions[unit.calls[event.a].callee] : link::FunctionId(0);
      const model::FunctionModel *model = this->operation(callee) ? modelOf(callee) : Program.function(callee).model;
      const bool waits = hasEffect(model, EffectKind::Acquire), posts = hasEffect(model, EffectKind::Release);
      isPlainBody &= waits || posts || isPlain(link, event);
      if (!waits && !posts)
        return;
      ++count;
      const ir::Call &call = unit.calls[event.a];
      const ir::Index value = call.arguments.count ? unit.lists[call.arguments.first] : 0;
      const std::optional<unsigned> argument = argumentOf(id, value);
      const ir::Type &pointer = unit.types[unit.exprs[value].type];
      const bool leads = pointer.kind == ir::TypeKind::Pointer || pointer.kind == ir::TypeKind::Reference;
      isPlainBody &= argument && *argument < 2 && leads && isSemaphore(info.row.unit, pointer.element);
      operation.act = waits ? Act::Wait : Act::Post;
      operation.object = argument.value_or(0);
    });
    if (isPlainBody && count == 1)
      found.push_back({id, operation});
  }
  Operations.insert(found.begin(), found.end());
}

//===----------------------------------------------------------------------===//
// Asking
//===----------------------------------------------------------------------===//

const OwnSemaphores::Operation *OwnSemaphores::operation(link::FunctionId function) const {
  auto found = Operations.find(function);
  return found == Operations.end() ? nullptr : &found->second;
}

bool OwnSemaphores::isPart(const TermTable &terms, TermId place) const {
  const link::FieldId field = empty() ? 0 : terms.declaredField(place);
  return field && contains(Program.field(field).record);
}

bool OwnSemaphores::isCount(Entity field) const {
  const link::FieldId id = fieldOf(field);
  return id && Counts.lookup(Program.field(id).record) == field;
}

const model::FunctionModel *OwnSemaphores::modelOf(link::FunctionId function) const {
  const Operation *found = operation(function);
  if (!found || (found->act != Act::Wait && found->act != Act::Post))
    return nullptr;
  const std::string name = (found->act == Act::Wait ? "$acquire-mutex." : "$release.") + std::to_string(found->object);
  return Program.models().function(name, {});
}

} // namespace gridlock::solve
