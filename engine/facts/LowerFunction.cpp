//===- LowerFunction.cpp - One body becomes blocks ------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The problem: rules about locks and descriptors need to know exactly when a
// destructor runs: at the end of a scope, on `return`, `break` and `goto`, when
// an exception passes, at the end of a full expression. Clang's own CFG knows
// some of that and leaves out the rest (exceptions out of calls). This is a
// small code generator instead, of the same shape as Clang's: a recursive walk
// over the AST that appends events to a current block and keeps a stack of
// clean-ups.
//
// Rules of these files:
//
// - `value` returns a value, `place` a place; both emit the events that the
//   expression needs first. `construct` builds an object in a place that is
//   given. None of them leaves a block unterminated behind it: after a jump the
//   current block is a fresh one that nothing leads to, and `finish` drops it.
// - An expression row is evaluated when the event that mentions it runs. When a
//   value is computed, and an effect follows before it is used, `keep` copies it
//   to a temporary if that effect may change it: it compares the loads in the
//   value with the log of effects since a mark, and inserts the copy at the mark.
// - Every exit of a scope repeats the scope's clean-ups inline. Unwinding shares:
//   each clean-up caches the block that runs it and goes on with the next outer
//   one, so a call's unwind edge depends only on the depth of the stack.
// - A temporary that is made in one arm of `?:`, or on the right of `&&` and
//   `||` where a value is wanted, is destroyed at the end of the arm. In a
//   condition it lives to the end of the condition, as the language says: each
//   edge out of the condition destroys what exists on that edge. Where edges
//   with different temporaries meet inside a condition, these die at once.
// - A parameter of class type holds the object; the caller passes the address of
//   the copy that it made, and destroys the copy at the end of the full
//   expression.
// - Closures without captures convert to function pointers: the pointer refers
//   to the call operator itself, which then has no `this` among the arguments.
//
//===----------------------------------------------------------------------===//

#include "engine/facts/FunctionLowering.h"

using namespace clang;

namespace gridlock::facts {

FunctionLowering::FunctionLowering(UnitLowering &unit, ir::Index function, const FunctionDecl *declaration)
    : Unit(unit), Names(unit.Names), Build(unit.Build), Context(unit.Context), Function(function),
      Declaration(declaration) {
  newBlock();
}

//===----------------------------------------------------------------------===//
// Blocks and events
//===----------------------------------------------------------------------===//

FunctionLowering::BlockNumber FunctionLowering::newBlock() {
  Blocks.emplace_back();
  return BlockNumber(Blocks.size() - 1);
}

void FunctionLowering::terminate(ir::TerminatorKind kind, llvm::ArrayRef<BlockNumber> successors, ir::Index location,
                                 ir::Index value) {
  PendingBlock &block = Blocks[Current];
  block.terminator = kind;
  block.location = location;
  block.value = value;
  block.successors.assign(successors.begin(), successors.end());
  const bool isReached = !isDead();
  if (isReached)
    for (BlockNumber successor : successors)
      ++Blocks[successor].predecessors;
  setBlock(newBlock());
}

void FunctionLowering::jump(BlockNumber target, ir::Index location) {
  terminate(ir::TerminatorKind::Goto, target, location);
}

void FunctionLowering::emit(ir::EventKind kind, ir::Index location, ir::Index a, ir::Index b, unsigned flags) {
  ir::Event event;
  event.kind = kind;
  event.flags = std::uint8_t(flags);
  event.location = location;
  event.a = a;
  event.b = b;
  Blocks[Current].events.push_back(event);
}

ir::Index FunctionLowering::at(SourceLocation location) {
  if (LocationOverride)
    return LocationOverride;
  if (ir::Index known = Names.location(location))
    LastLocation = known;
  return LastLocation;
}

void FunctionLowering::assign(ir::Index place, ir::Index value, ir::Index location, unsigned flags) {
  if (flags == ir::AssignIsInitialization && ReturnSlot && place == Build.local(ReturnSlot))
    flags = ir::AssignIsReturn;
  emit(ir::EventKind::Assign, location, place, value, flags);
  EffectLog.push_back(place);
}

ir::Index FunctionLowering::emitCall(const CallSite &site) {
  ir::Call row;
  bool mayThrow = Context.getLangOpts().CXXExceptions;
  row.callee = site.function;
  if (site.callee) {
    row.callee = Names.function(site.callee);
    Unit.want(site.callee);
    mayThrow &= !(Build.unit().functions[row.callee].flags & ir::FunctionIsNonThrowing);
  }
  row.calleeValue = site.calleeValue;
  row.arguments = Build.list(site.arguments);
  row.destination = site.destination;
  row.type = Names.type(site.type);
  row.location = site.location;
  row.flags = site.flags;
  if (site.receiver)
    row.receiver = Names.record(site.receiver);
  if (mayThrow)
    row.unwind = landing(Cleanups.size());
  const ir::Index index = ir::Index(Build.unit().calls.size());
  Build.unit().calls.push_back(row);
  if (row.unwind) {
    Calls.push_back(index);
    ++Blocks[row.unwind].predecessors;
  }
  emit(ir::EventKind::Call, site.location, index);
  EffectLog.push_back(0);
  if (row.callee && (Build.unit().functions[row.callee].flags & ir::FunctionIsNoReturn))
    terminate(ir::TerminatorKind::Unreachable, {}, site.location);
  return index;
}

//===----------------------------------------------------------------------===//
// Variables
//===----------------------------------------------------------------------===//

ir::Index FunctionLowering::newVariable(ir::VariableKind kind, llvm::StringRef name, QualType type, ir::Index location,
                                        unsigned flags) {
  ir::Variable row;
  row.kind = kind;
  row.name = Build.string(name);
  row.type = Names.type(type);
  row.location = location;
  if (!type.isNull() && type.isConstQualified())
    flags |= ir::VariableIsConst;
  row.flags = std::uint8_t(flags);
  const ir::Index index = ir::Index(Build.unit().variables.size());
  Build.unit().variables.push_back(row);
  Variables.push_back(index);
  return index;
}

ir::Index FunctionLowering::newTemporary(QualType type, ir::Index location, unsigned flags) {
  const ir::Index variable = newVariable(ir::VariableKind::Temporary, "", type, location, flags);
  emit(ir::EventKind::Begin, location, variable);
  return variable;
}

ir::Index FunctionLowering::newScalarTemporary(QualType type, ir::Index location) {
  return newVariable(ir::VariableKind::Temporary, "", type.getUnqualifiedType(), location);
}

void FunctionLowering::makeParameters() {
  if (!Declaration)
    return;
  if (const auto *method = dyn_cast<CXXMethodDecl>(Declaration); method && method->isImplicitObjectMemberFunction())
    ThisVariable = newVariable(ir::VariableKind::This, "this", method->getThisType(), at(method->getLocation()));
  std::uint16_t position = 0;
  for (const ParmVarDecl *parameter : Declaration->parameters()) {
    const ir::Index row = newVariable(ir::VariableKind::Parameter, parameter->getName(), parameter->getType(),
                                      at(parameter->getLocation()));
    Build.unit().variables[row].position = position++;
    ParameterRows.push_back(row);
  }
  const QualType result = Declaration->getReturnType();
  if (!result->isVoidType() && !isa<CXXConstructorDecl, CXXDestructorDecl>(Declaration))
    ReturnSlot = newVariable(ir::VariableKind::ReturnSlot, "", result, at(Declaration->getLocation()));
  const auto *method = dyn_cast<CXXMethodDecl>(Declaration);
  if (method && method->getParent()->isLambda()) {
    llvm::DenseMap<const ValueDecl *, FieldDecl *> captures;
    FieldDecl *thisCapture = nullptr;
    method->getParent()->getCaptureFields(captures, thisCapture);
    for (const auto &[variable, field] : captures)
      Captures[variable] = field;
    ThisCapture = thisCapture;
  }
}

ir::Index FunctionLowering::parameterRow(const ParmVarDecl *parameter) {
  const unsigned position = parameter->getFunctionScopeIndex();
  const auto *owner = dyn_cast_or_null<FunctionDecl>(parameter->getDeclContext());
  const bool isOurs = owner && Declaration && owner->getCanonicalDecl() == Declaration->getCanonicalDecl();
  const bool isShadowed = VariableRows.count(parameter);
  if (isOurs && !isShadowed && position < ParameterRows.size())
    return ParameterRows[position];
  auto [entry, isNew] = VariableRows.try_emplace(parameter, 0);
  if (isNew)
    entry->second =
        newVariable(ir::VariableKind::Local, parameter->getName(), parameter->getType(), at(parameter->getLocation()));
  return VariableRows.lookup(parameter);
}

ir::Index FunctionLowering::variableRow(const VarDecl *variable) {
  if (const auto *parameter = dyn_cast<ParmVarDecl>(variable))
    return parameterRow(parameter);
  variable = variable->getCanonicalDecl();
  if (auto found = VariableRows.find(variable); found != VariableRows.end())
    return found->second;
  const ir::Index alike = counterAlike(variable);
  const ir::Index row = alike ? alike
                              : newVariable(ir::VariableKind::Local, variable->getName(), variable->getType(),
                                            at(variable->getLocation()));
  VariableRows[variable] = row;
  markDivided(variable, row);
  return row;
}

ir::Index FunctionLowering::throughReference(ir::Index place, QualType type) {
  if (!type->isReferenceType())
    return place;
  return Build.deref(Build.load(place), Names.type(type->getPointeeType()));
}

/// The closure whose call operator this is: `*this`, or the first parameter when
/// that is written out (`this auto &&self`).
ir::Index FunctionLowering::closurePlace() {
  if (ThisVariable)
    return Build.deref(Build.load(Build.local(ThisVariable)));
  if (!Declaration || ParameterRows.empty() || !Declaration->hasCXXExplicitFunctionObjectParameter())
    return 0;
  return throughReference(Build.local(ParameterRows.front()), Declaration->getParamDecl(0)->getType());
}

ir::Index FunctionLowering::capturedPlace(const ValueDecl *variable) {
  auto found = Captures.find(variable);
  const ir::Index object = closurePlace();
  if (found == Captures.end() || !object)
    return 0;
  return throughReference(Build.field(object, Names.field(found->second)), found->second->getType());
}

ir::Index FunctionLowering::variablePlace(const ValueDecl *variable, bool isCaptured) {
  const auto *own = dyn_cast<VarDecl>(variable);
  const bool isOwned = own && Owned.contains(own->getCanonicalDecl());
  if (isOwned)
    return Build.local(variableRow(own));
  if (isCaptured)
    if (ir::Index place = capturedPlace(variable))
      return place;
  if (const auto *binding = dyn_cast<BindingDecl>(variable)) {
    if (const VarDecl *holder = binding->getHoldingVar())
      return variablePlace(holder, isCaptured);
    return binding->getBinding() ? place(binding->getBinding()) : 0;
  }
  const auto *declared = dyn_cast<VarDecl>(variable);
  if (!declared)
    return 0;
  if (declared->hasGlobalStorage())
    return throughReference(Build.global(Names.global(declared)), declared->getType());
  return throughReference(Build.local(variableRow(declared)), declared->getType());
}

ir::Index FunctionLowering::thisValue() {
  if (ThisOverride)
    return Build.addressOf(ThisOverride);
  if (!ThisCapture)
    return ThisVariable || HasOwner ? Build.load(Build.local(ThisVariable)) : 0;
  const ir::Index closure = closurePlace();
  if (!closure)
    return 0;
  const ir::Index field = Build.field(closure, Names.field(ThisCapture));
  return ThisCapture->getType()->isPointerType() ? Build.load(field) : Build.addressOf(field);
}

void FunctionLowering::escape(ir::Index place) {
  const ir::Unit &unit = Build.unit();
  while (unit.exprs[place].kind == ir::ExprKind::Field || unit.exprs[place].kind == ir::ExprKind::Index)
    place = unit.exprs[place].a;
  if (unit.exprs[place].kind == ir::ExprKind::Local)
    Build.unit().variables[unit.exprs[place].a].flags |= ir::VariableAddressTaken;
}

ir::Index FunctionLowering::takeAddress(ir::Index place, QualType objectType) {
  escape(place);
  return Build.addressOf(
      place, objectType.isNull() ? 0 : Names.type(Context.getPointerType(objectType.getNonReferenceType())));
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

void FunctionLowering::constructorPrologue(const CXXConstructorDecl *constructor) {
  const ir::Index object = Build.deref(Build.load(Build.local(ThisVariable)));
  for (const CXXCtorInitializer *initializer : constructor->inits()) {
    const Expr *expression = initializer->getInit();
    if (!expression)
      continue;
    const SourceLocation where =
        initializer->isWritten() ? initializer->getSourceLocation() : constructor->getLocation();
    const std::size_t depth = Cleanups.size();
    ir::Index target = object;
    QualType type = expression->getType();
    if (initializer->isAnyMemberInitializer()) {
      type = initializer->getAnyMember()->getType();
      if (const IndirectFieldDecl *path = initializer->getIndirectMember()) {
        for (const NamedDecl *step : path->chain())
          target = Build.field(target, Names.field(cast<FieldDecl>(step)));
      } else {
        target = Build.field(target, Names.field(initializer->getMember()));
      }
      initialize(target, expression, type, ir::AssignIsInitialization);
    } else {
      type = initializer->isBaseInitializer() ? QualType(initializer->getBaseClass(), 0)
                                              : QualType(Context.getCanonicalTagType(constructor->getParent()));
      construct(expression, target);
    }
    endFullExpression(depth, at(where));
    pushSubobject(target, type, at(where), true);
  }
}

void FunctionLowering::destructorPrologue(const CXXDestructorDecl *destructor) {
  const CXXRecordDecl *record = destructor->getParent();
  if (record->isUnion())
    return;
  const ir::Index object = Build.deref(Build.load(Build.local(ThisVariable)));
  const ir::Index where = at(destructor->getLocation());
  for (const CXXBaseSpecifier &base : record->vbases())
    pushSubobject(object, base.getType(), where, false);
  for (const CXXBaseSpecifier &base : record->bases())
    if (!base.isVirtual())
      pushSubobject(object, base.getType(), where, false);
  for (const FieldDecl *field : record->fields())
    if (!field->getType()->isReferenceType() && !field->isAnonymousStructOrUnion())
      pushSubobject(Build.field(object, Names.field(field)), field->getType(), where, false);
}

void FunctionLowering::lowerBody() {
  makeParameters();
  const Stmt *body = Declaration->getBody();
  const ir::Index end = at(body ? body->getEndLoc() : Declaration->getLocation());
  const auto *constructor = dyn_cast<CXXConstructorDecl>(Declaration);
  const auto *wholeBody = dyn_cast_or_null<CXXTryStmt>(body);
  if (constructor && !wholeBody)
    constructorPrologue(constructor);
  else if (const auto *destructor = dyn_cast<CXXDestructorDecl>(Declaration))
    destructorPrologue(destructor);
  if (constructor && wholeBody)
    tryStatement(wholeBody, constructor);
  else if (body) {
    orphanRegion(body);
    statement(body);
  }
  leaveScope(0, end);
  terminate(ir::TerminatorKind::Return, {}, end);
  finish();
}

void FunctionLowering::returnFrom(ir::Index location) {
  runCleanups(0, location);
  terminate(ir::TerminatorKind::Return, {}, location);
}

//===----------------------------------------------------------------------===//
// Writing the function
//===----------------------------------------------------------------------===//

/// Reads of plain locals whose address stays at home interest nobody. Only the
/// whole body tells which these are.
void FunctionLowering::dropUnneededReads() {
  const ir::Unit &unit = Build.unit();
  auto isUnneeded = [&](const ir::Event &event) {
    if (event.kind != ir::EventKind::Read)
      return false;
    const ir::Expr &place = unit.exprs[event.a];
    if (place.kind != ir::ExprKind::Local)
      return place.kind == ir::ExprKind::Unknown;
    const ir::Variable &variable = unit.variables[place.a];
    if (variable.kind == ir::VariableKind::Temporary)
      return true;
    const ir::TypeKind type = unit.types[variable.type].kind;
    return !(variable.flags & ir::VariableAddressTaken) && type != ir::TypeKind::Record && type != ir::TypeKind::Array;
  };
  for (PendingBlock &block : Blocks)
    llvm::erase_if(block.events, isUnneeded);
}

/// Numbers of the blocks that can be reached, in reverse post-order; also finds
/// the blocks that an edge of the depth-first walk leads back to.
std::vector<FunctionLowering::BlockNumber> FunctionLowering::orderBlocks(std::vector<bool> &isLoopHead) {
  enum : char { New, Open, Done };
  std::vector<char> state(Blocks.size(), New);
  struct Frame {
    BlockNumber block;
    std::vector<BlockNumber> next; ///< taken from the back
  };
  auto open = [&](BlockNumber block) {
    state[block] = Open;
    Frame frame{block, {}};
    frame.next.assign(Blocks[block].successors.begin(), Blocks[block].successors.end());
    for (const ir::Event &event : Blocks[block].events)
      if (event.kind == ir::EventKind::Call)
        if (BlockNumber unwind = Build.unit().calls[event.a].unwind)
          frame.next.push_back(unwind);
    return frame;
  };
  std::vector<BlockNumber> order;
  std::vector<Frame> stack;
  stack.push_back(open(0));
  while (!stack.empty()) {
    Frame &frame = stack.back();
    if (frame.next.empty()) {
      state[frame.block] = Done;
      order.push_back(frame.block);
      stack.pop_back();
      continue;
    }
    const BlockNumber next = frame.next.back();
    frame.next.pop_back();
    if (state[next] == Open)
      isLoopHead[next] = true;
    else if (state[next] == New)
      stack.push_back(open(next));
  }
  std::reverse(order.begin(), order.end());
  return order;
}

/// Removes the empty blocks that joins leave behind, and joins a block with the
/// only one that leads to it.
void FunctionLowering::simplifyBlocks() {
  ir::Unit &unit = Build.unit();
  auto isPlainJump = [](const PendingBlock &block) {
    return block.terminator == ir::TerminatorKind::Goto && block.location == 0;
  };
  auto forward = [&](BlockNumber number) {
    for (unsigned steps = 0; steps != 64; ++steps) {
      const PendingBlock &block = Blocks[number];
      if (!block.events.empty() || !isPlainJump(block) || block.successors.front() == number)
        break;
      number = block.successors.front();
    }
    return number;
  };
  for (PendingBlock &block : Blocks)
    for (BlockNumber &successor : block.successors)
      successor = forward(successor);
  std::vector<bool> ignored(Blocks.size(), false);
  std::vector<unsigned> incoming(Blocks.size(), 0);
  const std::vector<BlockNumber> order = orderBlocks(ignored);
  for (BlockNumber number : order) {
    for (BlockNumber successor : Blocks[number].successors)
      ++incoming[successor];
    for (const ir::Event &event : Blocks[number].events)
      if (event.kind == ir::EventKind::Call)
        if (BlockNumber unwind = unit.calls[event.a].unwind)
          incoming[unwind] += 2;
  }
  for (BlockNumber number : order) {
    while (isPlainJump(Blocks[number])) {
      const BlockNumber next = Blocks[number].successors.front();
      if (next == number || next == 0 || incoming[next] != 1)
        break;
      PendingBlock tail = std::move(Blocks[next]);
      Blocks[next] = PendingBlock();
      PendingBlock &head = Blocks[number];
      head.events.insert(head.events.end(), tail.events.begin(), tail.events.end());
      head.terminator = tail.terminator;
      head.value = tail.value;
      head.location = tail.location;
      head.successors = std::move(tail.successors);
      head.cases = std::move(tail.cases);
    }
  }
}

void FunctionLowering::finish() {
  resolveGotos();
  dropUnneededReads();
  simplifyBlocks();
  std::vector<bool> isLoopHead(Blocks.size(), false);
  const std::vector<BlockNumber> order = orderBlocks(isLoopHead);
  ir::Unit &unit = Build.unit();
  std::vector<ir::Index> rows(Blocks.size(), 0);
  const ir::Index first = ir::Index(unit.blocks.size());
  for (std::size_t i = 0; i != order.size(); ++i)
    rows[order[i]] = first + ir::Index(i);
  for (BlockNumber number : order) {
    const PendingBlock &pending = Blocks[number];
    ir::Block block;
    block.firstEvent = ir::Index(unit.events.size());
    block.eventCount = std::uint32_t(pending.events.size());
    unit.events.insert(unit.events.end(), pending.events.begin(), pending.events.end());
    block.terminator = pending.terminator;
    block.isLoopHead = isLoopHead[number];
    block.value = pending.value;
    block.location = pending.location;
    llvm::SmallVector<ir::Index, 4> successors;
    for (BlockNumber successor : pending.successors)
      successors.push_back(rows[successor]);
    block.successors = Build.list(successors);
    block.cases = Build.list(pending.cases);
    unit.blocks.push_back(block);
  }
  for (ir::Index call : Calls)
    unit.calls[call].unwind = rows[unit.calls[call].unwind];
  llvm::SmallVector<ir::Index, 32> blockRows;
  for (std::size_t i = 0; i != order.size(); ++i)
    blockRows.push_back(first + ir::Index(i));
  finishDeclaration();
  ir::Function &function = unit.functions[Function];
  function.blocks = Build.list(blockRows);
  if (HasErrors)
    function.flags |= ir::FunctionHasErrors;
}

void FunctionLowering::closeGlobals() {
  leaveScope(0, 0);
  terminate(ir::TerminatorKind::Return, {}, 0);
  finish();
}

void FunctionLowering::adoptVariables() {
  const ir::Unit &unit = Build.unit();
  const ir::Function &function = unit.functions[Function];
  for (std::uint32_t i = 0; i != function.variables.count; ++i) {
    const ir::Index row = unit.lists[function.variables.first + i];
    Variables.push_back(row);
    if (unit.variables[row].kind == ir::VariableKind::This)
      ThisVariable = row;
    else if (unit.variables[row].kind == ir::VariableKind::Parameter)
      ParameterRows.push_back(row);
  }
  ReturnSlot = function.returnSlot;
}

void FunctionLowering::finishDeclaration() {
  ir::Function &function = Build.unit().functions[Function];
  function.variables = Build.list(Variables);
  function.returnSlot = ReturnSlot;
}

} // namespace gridlock::facts
