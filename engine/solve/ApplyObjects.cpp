//===- ApplyObjects.cpp - Models of objects and descriptors -----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rarer effects of models: objects that library code constructs, locks that
// are made and destroyed, where descriptors are kept, and acts that a signal
// handler must not do.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

using model::EffectKind;
using model::OperandKind;

/// A callable is named by its address when it is an object, by its value when
/// it is a pointer.
TermId FunctionExecutor::callableValue(State &state, const model::Operand &op, CallFrame &frame) {
  Cursor cursor = operand(state, op, frame);
  if (!cursor.isPlace) {
    // A reference to a pointer to a function, or the pointer itself.
    const Term term = terms()[cursor.term];
    if (term.kind == TermKind::Address)
      if (TermId stored = state.stored(term.a); stored && terms()[stored].kind == TermKind::Function)
        return stored;
    return cursor.term;
  }
  if (TermId stored = state.stored(cursor.term))
    return stored;
  link::UnitId unit = 0;
  const ir::Type *type = typeOf(cursor.term, unit);
  bool isObject = !type || type->kind == ir::TypeKind::Record;
  return isObject && terms()[cursor.term].kind != TermKind::Field ? terms().address(cursor.term)
                                                                  : load(state, cursor.term);
}

/// The method of an object that a model names as what is called: `this.run`. `object` gets
/// the object's address. 0: it names none.
TermId FunctionExecutor::namedMethod(State &state, const model::Operand &op, CallFrame &frame, TermId &object) {
  if (op.steps.size() < 2 || op.steps.back().kind != OperandKind::Field ||
      llvm::StringRef(op.steps.back().name).starts_with("$"))
    return 0;
  model::Operand owner = op;
  owner.steps.pop_back();
  const TermId place = operandPlace(state, owner, frame);
  const link::RecordId record = recordOf(place);
  if (!record || Program.findField(record, op.steps.back().name))
    return 0;
  const link::FunctionId method = Program.findMethodOrVirtual(record, op.steps.back().name);
  object = terms().address(place);
  return method ? terms().function(method) : 0;
}

/// The class that a template's argument names: of the receiver, or of the class
/// that is returned.
link::RecordId FunctionExecutor::elementRecord(const model::Effect &effect, link::FunctionId callee, CallFrame &frame) {
  link::RecordId owner = frame.owner;
  if (!owner && frame.destination)
    owner = recordOf(frame.destination);
  if (!owner && frame.call && frame.call->receiver)
    owner = Link.records[frame.call->receiver];
  if (!owner && frame.depth == 0)
    owner = Program.function(callee).record;
  if (!owner || frame.depth > 4)
    return 0;
  const link::RowRef &row = Program.record(owner).row;
  const ir::Unit &unit = Program.unit(row.unit);
  const ir::List &arguments = unit.records[row.row].templateArguments;
  // Of an owner it is the deleter's.
  unsigned number = effect.kind == EffectKind::Destroys && effect.callee ? 0 : effect.typeArgument;
  return number < arguments.count ? Program.recordOfType(row.unit, unit.lists[arguments.first + number]) : 0;
}

/// Whether this path has moved away what an element of the same container owned (a
/// ghost of it is null): an element that no index names is that one then, since it is
/// what the path is about.
static bool isMovedAway(const TermTable &terms, const State &state, TermId place) {
  auto elementOf = [&](TermId part) {
    while (terms[part].kind == TermKind::Field)
      part = terms[part].a;
    return terms[part].kind == TermKind::Element ? part : TermId(0);
  };
  TermId element = elementOf(place);
  if (!element || (terms[element].b && !terms[element].weak))
    return false;
  return llvm::any_of(state.entries(), [&](const auto &entry) {
    const Term &part = terms[entry.first];
    bool isEmptied =
        part.kind == TermKind::Field && !terms.program().field(part.b).record && terms.isInteger(entry.second, 0);
    TermId other = isEmptied ? elementOf(entry.first) : 0;
    return other && terms[other].a == terms[element].a;
  });
}

/// The class of an owner's deleter, which its second template argument names.
static link::RecordId deleterRecord(const link::Program &program, link::RecordId owner) {
  const link::RowRef &row = program.record(owner).row;
  const ir::Unit &unit = program.unit(row.unit);
  const ir::List &arguments = unit.records[row.row].templateArguments;
  return arguments.count > 1 ? program.recordOfType(row.unit, unit.lists[arguments.first + 1]) : 0;
}

/// Whether a deleter is a class of a library that holds no function of others, as
/// the one that just deletes: what flows into its owner is not for it.
static bool callsNothing(const link::Program &program, link::RecordId deleter) {
  const link::RecordInfo &info = program.record(deleter);
  return deleter && (info.flags & ir::RecordIsInSystemHeader) && !info.model && info.fields.empty();
}

States FunctionExecutor::destroy(State state, const model::Effect &effect, link::FunctionId callee, CallFrame &frame) {
  States after;
  TermId place = operandPlace(state, effect.place, frame);
  link::RecordId owner = frame.owner;
  if (!owner && frame.call && frame.call->receiver)
    owner = Link.records[frame.call->receiver];
  if (!owner)
    owner = Program.function(callee).record;
  // A deleter that was given, or that is a class of the program, does it all.
  if (effect.callee && !(owner && callsNothing(Program, deleterRecord(Program, owner)))) {
    CallFrame call;
    call.location = frame.location;
    call.site = std::int64_t(llvm::hash_combine(frame.site, 6));
    call.depth = frame.depth + 1;
    call.unwind = frame.unwind;
    call.arguments.push_back(terms().address(place));
    bool certain = effect.times != "maybe" && applies(state, effect, frame) == Applies::Yes;
    TermId closure = 0;
    TermId deleter = callableValue(state, effect.callee, frame);
    if (certain && !resolveCallable(state, deleter, closure).empty())
      return callValue(std::move(state), deleter, call);
    link::RecordId made = certain && owner ? deleterRecord(Program, owner) : 0;
    link::FunctionId deletes = made ? Program.record(made).callOperator : 0;
    if (deletes && Program.function(deletes).hasBody) {
      call.arguments.insert(call.arguments.begin(), terms().opaque(OriginKind::Unknown, frame.site + 7));
      return invoke(std::move(state), deletes, call);
    }
    // Of a pointer that nothing here made the deleter may do anything.
    if (!terms().isPlace(place) || terms()[terms().root(place)].kind != TermKind::Heap)
      escape(state, call.arguments);
    if (!certain) {
      after.push_back(std::move(state));
      return after;
    }
  }
  link::RecordId made = recordOf(place);
  if (!made)
    made = elementRecord(effect, callee, frame);
  if (isMovedAway(terms(), state, place))
    made = 0;
  if (made && effect.times != "maybe") {
    CallFrame call;
    call.location = frame.location;
    call.site = std::int64_t(llvm::hash_combine(frame.site, made, 5));
    call.owner = made;
    call.depth = frame.depth + 1;
    call.unwind = frame.unwind;
    call.startsInLoop = frame.startsInLoop || insideLoop(frame);
    call.arguments.push_back(terms().address(place));
    if (link::FunctionId destructor = Program.findDestructor(made)) {
      auto targets = Program.virtualTargets(destructor, made, 6);
      if (!targets.empty() && targets.size() <= 4)
        return invokeAny(std::move(state), targets, call);
    }
    if (const model::TypeModel *type = Program.record(made).model; type && type->terminatesWhenJoinable)
      noteDrop(state, place, false, step(frame.location));
    std::string_view name = Program.record(made).qualifiedName;
    std::string full = std::string(name) + "::~" + std::string(name.substr(name.rfind(':') + 1));
    if (const model::FunctionModel *model = Program.models().function(full, {}))
      return applyModel(std::move(state), callee, *model, call);
  }
  after.push_back(std::move(state));
  return after;
}

States FunctionExecutor::construct(State state, const model::Effect &effect, link::FunctionId callee,
                                   CallFrame &frame) {
  States after;
  link::RecordId made = elementRecord(effect, callee, frame);
  TermId place = operandPlace(state, effect.place, frame);
  auto arguments = operandList(state, effect.arguments, false, frame, nullptr);
  if (made) {
    CallFrame call;
    call.location = frame.location;
    call.site = std::int64_t(llvm::hash_combine(frame.site, made));
    call.owner = made;
    call.depth = frame.depth + 1;
    call.unwind = frame.unwind;
    call.startsInLoop = frame.startsInLoop || insideLoop(frame);
    call.arguments.push_back(terms().address(place));
    call.arguments.append(arguments.begin(), arguments.end());
    if (link::FunctionId constructor = Program.findConstructor(made, unsigned(arguments.size())))
      return invoke(std::move(state), constructor, call);
    llvm::SmallVector<llvm::StringRef, 4> types;
    for (TermId argument : arguments) {
      link::RecordId record = recordOf(terms().deref(argument));
      types.push_back(record ? llvm::StringRef(Program.record(record).qualifiedName) : llvm::StringRef());
    }
    std::string_view name = Program.record(made).qualifiedName;
    std::string full = std::string(name) + "::" + std::string(name.substr(name.rfind(':') + 1));
    if (const model::FunctionModel *model = Program.models().function(full, types))
      return applyModel(std::move(state), callee, *model, call);
  }
  // A scalar or an unknown class made from one value: the element is that value.
  if (arguments.size() == 1 && !made) {
    const Term argument = terms()[arguments[0]];
    TermId value = argument.kind == TermKind::Address ? load(state, argument.a) : arguments[0];
    storeValue(state, place, value);
  }
  after.push_back(std::move(state));
  return after;
}

void FunctionExecutor::lockLife(State &state, const model::Effect &effect, CallFrame &frame) {
  TermId lock = operandPlace(state, effect.lock, frame);
  setResult(state, frame, terms().integer(0));
  if (!Shared.finalPass)
    return;
  Solution &solution = Shared.solution;
  LockName name = solution.name(lock, Function);
  bool isInit = effect.kind == EffectKind::InitLock;
  if (isInit && !effect.recursive.empty()) {
    bool recursive = true;
    for (const model::Condition &wanted : effect.recursive) {
      std::optional<bool> truth = condition(state, wanted, frame);
      // An attribute that is not known may well say recursive.
      recursive &= truth.value_or(true);
    }
    if (recursive)
      solution.recursiveLocks.insert(name.key);
    if (link::FieldId field = terms().declaredField(lock); recursive && field && !name.exact)
      solution.recursiveFields.insert(field);
  }
  if (!isInit)
    noteDeadLock(state, lock, false, frame.location);
  const Held *held = state.held(lock);
  if (!held || terms()[lock].weak || !firstTime({9, Function, frame.location, lock}))
    return;
  DestroyedLock fact;
  fact.function = Function;
  fact.step = step(frame.location);
  fact.held = *held;
  fact.initializedAgain = isInit;
  fact.name = name;
  solution.destroyed.push_back(std::move(fact));
}

void FunctionExecutor::noteUnsafe(const State &state, std::string_view what, link::FunctionId callee,
                                  CallFrame &frame) {
  std::string name(Program.function(callee).displayName);
  noteForkAct(state, frame.location, what, name);
  if (!Shared.finalPass)
    return;
  std::vector<UnsafeAct> &acts = Shared.solution.unsafe;
  UnsafeAct *known = knownFact(acts, {10, Function, frame.location});
  if (!known)
    known = &acts.emplace_back(UnsafeAct{Function, frame.location, std::string(what), name, hasExeced(state), {}});
  known->ways.add(terms(), state.facts());
}

//===----------------------------------------------------------------------===//
// Descriptors
//===----------------------------------------------------------------------===//

/// The declared thing that holds a value: where descriptor kinds are collected.
static TermId holderOf(const TermTable &terms, TermId place) {
  for (;;) {
    const Term &term = terms[place];
    if (term.kind == TermKind::Element || term.kind == TermKind::Deref || term.kind == TermKind::Initial ||
        term.kind == TermKind::Address) {
      place = term.a;
      continue;
    }
    return place;
  }
}

std::uint64_t holderKey(const TermTable &terms, TermId place) {
  TermId holder = holderOf(terms, place);
  const Term &term = terms[holder];
  if (term.kind == TermKind::Field)
    return (1ull << 40) | term.b;
  if (term.kind == TermKind::Global)
    return (2ull << 40) | term.a;
  if (term.kind == TermKind::Local)
    return (3ull << 60) | (std::uint64_t(term.a) << 28) | term.b;
  return 0;
}

void FunctionExecutor::storeValue(State &state, TermId place, TermId value) {
  noteTaken(place, value);
  publish(state, place, value);
  // One of several places: what was there may still be there.
  TermId before = terms()[place].weak ? state.stored(place) : 0;
  if (before && before != value)
    value = terms().opaque(OriginKind::Merge, std::int64_t(llvm::hash_combine(place, 31)));
  state.store(place, value);
  const Term term = terms()[value];
  if (term.kind == TermKind::Address && terms()[term.a].kind == TermKind::Heap && terms().declared(place)) {
    TermId found = terms().deref(terms().initial(place));
    auto [entry, isNew] = Shared.solution.keptIn.try_emplace(term.a, found);
    // One field of several objects gives it one name all the same.
    link::FieldId field = terms().declaredField(place);
    if (!isNew && entry->second != found && (!field || terms().declaredField(entry->second, true) != field))
      entry->second = 0;
  }
  if (!isDescriptor(term))
    return;
  if (std::uint64_t key = holderKey(terms(), place)) {
    std::uint32_t &kinds = Shared.solution.descriptorsByHolder[key];
    kinds |= Shared.solution.descriptors[term.number];
  }
}

} // namespace gridlock::solve
