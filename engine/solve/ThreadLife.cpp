//===- ThreadLife.cpp - Threads, their handles, and what they use -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A path knows the threads that it started and that may still run. Three things
// can go wrong with them:
//
// * The handle is lost. A thread object that dies or is overwritten while it is
//   joinable ends the program; whether it is joinable is a value like any other
//   (`$joinable`), and when only a caller knows it, a record asks the caller. A
//   plain handle (`pthread_t`) that is left in a variable, or is filled again,
//   leaks the thread.
// * A variable's life ends while a thread has its address. What a thread gets is
//   found where it is started: the captures of a closure, the arguments, what
//   `std::ref` and `std::bind` hold. Addresses that came from the function's own
//   inputs are kept in its summary and become the caller's variables.
// * A constructor goes on to write members after it gave `this` to a thread.
//
// Each fact needs the thread to run surely: one that was handed to code that is
// not known, or that this path has waited for in another way, is left alone.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "engine/solve/ThreadHandles.h"
#include "engine/summary/Parameters.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Addresses that are remembered of one thread.
static constexpr std::size_t borrowLimit = 8;

/// This path has waited for something: maybe for the threads that it started.
void FunctionExecutor::noteMeeting(State &state) {
  for (Alive &thread : state.alive)
    thread.met = true;
}

//===----------------------------------------------------------------------===//
// What a thread gets
//===----------------------------------------------------------------------===//

void FunctionExecutor::addBorrowed(TermId value, llvm::SmallVectorImpl<TermId> &borrowed) const {
  const Term &term = terms()[value];
  if (borrowed.size() >= borrowLimit || llvm::is_contained(borrowed, value))
    return;
  if (term.kind == TermKind::Formal) {
    borrowed.push_back(value);
  } else if (term.kind == TermKind::Address) {
    const Term &root = terms()[terms().objectOf(term.a)];
    bool isInput = root.kind == TermKind::Deref && terms()[root.a].kind == TermKind::Formal;
    if (root.kind == TermKind::Local || isInput)
      borrowed.push_back(value);
  }
}

/// Everything that a copy of the object at a place points to.
void FunctionExecutor::addContents(const State &state, TermId place, llvm::SmallVectorImpl<TermId> &borrowed,
                                   unsigned depth) const {
  if (depth > 3)
    return;
  link::FieldId callee = Program.ghostField("$callee");
  for (auto [at, value] : state.entries()) {
    if (!terms().isPartOf(at, place))
      continue;
    // A wrapper holds a copy of the callable.
    const Term &part = terms()[at];
    if (part.kind == TermKind::Field && part.b == callee) {
      if (terms()[value].kind == TermKind::Address)
        addContents(state, terms()[value].a, borrowed, depth + 1);
      continue;
    }
    addBorrowed(value, borrowed);
  }
  // What the caller's object holds, only the caller knows.
  const Term &root = terms()[terms().objectOf(place)];
  bool isInput = root.kind == TermKind::Deref && terms()[root.a].kind == TermKind::Formal;
  if (isInput && borrowed.size() < borrowLimit && !llvm::is_contained(borrowed, place))
    borrowed.push_back(place);
}

/// Whether a call takes an argument by reference: then a thread gets a copy.
static const ir::Type *referenceParameter(const ir::Unit &unit, const ir::Call *call, std::size_t argument) {
  if (!call || !call->callee)
    return nullptr;
  const ir::Function &callee = unit.functions[call->callee];
  bool isMethod = callee.record && !(callee.flags & ir::FunctionIsStaticMethod);
  std::size_t parameter = argument - std::size_t(isMethod);
  if ((isMethod && argument == 0) || parameter >= callee.parameterTypes.count)
    return nullptr;
  const ir::Type &type = unit.types[unit.lists[callee.parameterTypes.first + parameter]];
  return type.kind == ir::TypeKind::Reference ? &unit.types[type.element] : nullptr;
}

llvm::SmallVector<TermId, 2> FunctionExecutor::borrowedBy(State &state, TermId callable,
                                                          llvm::ArrayRef<TermId> arguments, const CallFrame &frame) {
  llvm::SmallVector<TermId, 2> borrowed;
  if (terms()[callable].kind == TermKind::Address)
    addContents(state, terms()[callable].a, borrowed, 0);
  else if (terms()[callable].kind == TermKind::Formal)
    addContents(state, terms().deref(callable), borrowed, 0);
  for (TermId argument : arguments) {
    const auto *found = llvm::find(frame.arguments, argument);
    const ir::Type *copied = nullptr;
    link::UnitId unit = 0;
    if (found != frame.arguments.end() && frame.call)
      copied = referenceParameter(Unit, frame.call, std::size_t(found - frame.arguments.begin()));
    else if (!frame.call && frame.owner) // constructed by a container, from references
      copied = typeOf(terms().deref(argument), unit);
    if (!copied || copied->kind == ir::TypeKind::Array) {
      addBorrowed(argument, borrowed);
      continue;
    }
    TermId place = terms().deref(argument);
    addBorrowed(load(state, place), borrowed);
    if (copied->kind == ir::TypeKind::Record)
      addContents(state, place, borrowed, 0);
  }
  return borrowed;
}

//===----------------------------------------------------------------------===//
// Threads begin, and are handed on
//===----------------------------------------------------------------------===//

/// Whether a handle is a bare variable of a C library, not a part of an object.
static bool isRawHandle(const link::Program &program, const TermTable &terms, TermId handle) {
  for (TermId walk = handle; walk && terms.isPlace(walk); walk = terms[walk].a)
    if (terms[walk].kind == TermKind::Field && !program.field(terms[walk].b).record)
      return false;
    else if (terms[walk].kind != TermKind::Field && terms[walk].kind != TermKind::Element)
      break;
  return true;
}

/// The thread's own function detaches it.
bool FunctionExecutor::detachesItself(link::FunctionId entry) const {
  return llvm::any_of(Shared.solution.summaries[entry].records,
                      [](const Record &record) { return record.kind == RecordKind::SelfDetach; });
}

/// Whether what a handle holds is also kept somewhere else.
static bool isKept(const State &state, const TermTable &terms, TermId handle, TermId value) {
  return llvm::any_of(state.entries(), [&](const auto &entry) {
    return entry.second == value && entry.first != handle && terms.isPlace(entry.first);
  });
}

/// A thread is running now. Its identity is a value in its handle, which moves
/// with the handle.
void FunctionExecutor::noteAlive(State &state, Alive thread, TermId handle, CallFrame &frame) {
  if (!thread.detached && handle) {
    for (Alive &other : state.alive) {
      bool lost = other.handle == handle && other.isThread && !other.unsure && !other.detached && thread.isThread &&
                  terms()[handle].kind != TermKind::Element && isRawHandle(Program, terms(), handle) &&
                  !isKept(state, terms(), handle, other.value);
      if (lost)
        noteLost(state, other, LostThread::OverwrittenHandle, step(frame.location));
    }
    thread.handle = handle;
    thread.value = terms().opaque(OriginKind::Fresh, std::int64_t(llvm::hash_combine(frame.site, 23)));
    state.store(handle, thread.value);
  }
  addAlive(state, std::move(thread));
}

/// A handle's value was stored at `to`, or below it: the thread's handle is there
/// now. What was moved out of a thread object at `from` is gone from it.
void FunctionExecutor::moveThreads(State &state, TermId to, TermId from) {
  if (state.alive.empty())
    return;
  link::FieldId handle = Program.ghostField("$handle"), joinable = Program.ghostField("$joinable");
  for (Alive &thread : state.alive)
    if (thread.value && !isRawHandle(Program, terms(), thread.handle))
      for (TermId place : {to, terms().field(to, handle)})
        if (state.stored(place) == thread.value)
          thread.handle = place;
  if (from && state.stored(terms().field(from, joinable))) {
    state.store(terms().field(from, joinable), terms().integer(0));
    state.store(terms().field(from, handle), terms().integer(0));
  }
}

/// A loop that joins the threads of a container joins them all, also when this
/// path believes that the container is empty; so it does for callers.
void FunctionExecutor::noteLoopLeft(State &state) {
  // So is a handle that no place holds any more: merged paths forget elements.
  auto isForgotten = [&](const Alive &thread) {
    TermId object = terms().objectOf(thread.handle);
    bool isPointer = thread.handle && terms()[object].kind == TermKind::Heap;
    return isPointer && llvm::none_of(state.entries(), [&](const auto &entry) {
             return terms()[entry.second].kind == TermKind::Address && terms()[entry.second].a == object;
           });
  };
  llvm::erase_if(state.alive, [&](const Alive &thread) {
    bool match = standsInMany(state, thread) || isForgotten(thread);
    if (match)
      noteJoined(state, 0, thread.spawn);
    return match;
  });
  if (!llvm::is_contained(state.joined, allJoined()))
    state.joined.push_back(allJoined());
}

/// Stands for the threads that a loop of this path has joined.
TermId FunctionExecutor::allJoined() { return terms().field(terms().heap(0), Program.ghostField("@joined")); }

/// Threads that a callee leaves running, and those it joins, in this function's
/// names.
/// A handle that other code gets may be joined or detached there.
void FunctionExecutor::noteHandedOver(State &state, link::FunctionId callee, const CallFrame &frame) {
  const link::FunctionInfo &info = Program.function(callee);
  using enum model::EffectKind;
  auto does = [&](model::EffectKind kind) { return info.model->effect(kind) != nullptr; };
  if (info.model && (info.model->pure || does(Joins) || does(Detaches) || does(Spawns)))
    return;
  // A thread object that other code gets may be moved from, or joined.
  const model::TypeModel *own = info.record ? Program.record(info.record).model : nullptr;
  for (TermId argument : frame.arguments) {
    if (terms()[argument].kind != TermKind::Address && terms()[argument].kind != TermKind::Formal)
      continue;
    TermId object = terms().deref(argument);
    link::RecordId record = own && own->terminatesWhenJoinable ? 0 : recordOf(object);
    const model::TypeModel *type = record ? Program.record(record).model : nullptr;
    if (type && type->terminatesWhenJoinable)
      state.store(terms().field(object, Program.ghostField("$joinable")),
                  terms().opaque(OriginKind::Merge, std::int64_t(llvm::hash_combine(frame.site, object, 41))));
  }
  for (Alive &thread : state.alive)
    for (TermId argument : frame.arguments) {
      const Term &term = terms()[argument];
      bool byValue = thread.value && argument == thread.value;
      bool byAddress = term.kind == TermKind::Address && thread.handle &&
                       isRawHandle(Program, terms(), thread.handle) &&
                       (term.a == thread.handle ||
                        (!info.hasBody && !info.model && terms().objectOf(term.a) == terms().objectOf(thread.handle)));
      thread.unsure |= byValue || byAddress;
    }
}

/// A detached thread has no handle: nobody waits for it any more.
void FunctionExecutor::detach(State &state, const model::Effect &effect, CallFrame &frame) {
  Cursor handle = operand(state, effect.handle, frame);
  TermId value = handle.isPlace ? load(state, handle.term) : handle.term;
  TermId itself = terms().address(terms().field(terms().heap(0), Program.ghostField("@self")));
  if (value == itself) {
    Record record = makeRecord(RecordKind::SelfDetach, state, step(frame.location));
    record.held.clear();
    addRecord(std::move(record));
    return;
  }
  bool known = false;
  for (Alive &thread : state.alive)
    if (joins(state, handle.isPlace ? handle.term : 0, value, thread)) {
      thread.handle = thread.value = 0;
      thread.detached = known = true;
    }
  // Some thread is detached, and it is not known which.
  if (!known)
    for (Alive &thread : state.alive)
      thread.unsure |= thread.handle && isRawHandle(Program, terms(), thread.handle);
}

//===----------------------------------------------------------------------===//
// Lost handles
//===----------------------------------------------------------------------===//

/// Whether a thread's function neither returns nor ends its thread by a call.
bool runsForEver(const Solution &solution, link::FunctionId entry) {
  if (!solution.summaries[entry].neverReturns)
    return false;
  const link::Program &program = solution.program;
  const link::Program::UnitLink &link = program.link(program.function(entry).row.unit);
  auto endsThread = [](const model::Effect &effect) {
    return effect.kind == model::EffectKind::Exits && effect.what == "thread";
  };
  return !program.anyEvent(entry, [&](const ir::Event &event) {
    if (event.kind != ir::EventKind::Call)
      return false;
    const model::FunctionModel *model = program.function(link.functions[link.unit->calls[event.a].callee]).model;
    return model && llvm::any_of(model->effects, endsThread);
  });
}

void FunctionExecutor::noteLost(const State &state, const Alive &thread, LostThread::Form form, StepId at) {
  Solution &solution = Shared.solution;
  if (!Shared.finalPass || state.widened)
    return;
  bool isObject = form == LostThread::Destroyed || form == LostThread::Overwritten;
  bool known = thread.spawn && thread.spawn != ~0u;
  if (!isObject) {
    // A thread that never ends has nothing to give back.
    if (!known)
      return;
    link::FunctionId entry = solution.spawns[thread.spawn].entry;
    if (runsForEver(solution, entry) || detachesItself(entry))
      return;
  }
  const Step start = solution.steps[solution.innermost(thread.startedAt)];
  const Step lost = solution.steps[solution.innermost(at)];
  if (!firstTime({22, start.function, start.location, isObject ? lost.function : 0, isObject ? lost.location : 0}))
    return;
  LostThread fact;
  fact.function = Function;
  fact.spawn = known ? thread.spawn : 0;
  fact.startedAt = thread.startedAt;
  fact.lostAt = at;
  fact.thrownAt = state.thrownAt;
  fact.form = form;
  fact.handle = thread.handle;
  solution.lostThreads.push_back(std::move(fact));
}

/// A thread object dies or gets another thread.
void FunctionExecutor::noteDrop(State &state, TermId object, bool overwritten, StepId at) {
  TermId joinable = load(state, terms().field(object, Program.ghostField("$joinable")));
  std::optional<bool> known = state.decide(terms(), joinable);
  if (known && !*known)
    return;
  if (!known) {
    // An element of a container: a loop that joins them all may have run.
    if (!onInputs(joinable) || terms().isOneOfMany(object) || !state.joined.empty())
      return;
    Record record = makeRecord(RecordKind::Drop, state, at);
    record.held.clear();
    record.released.clear();
    record.subject = object;
    record.byTry = overwritten;
    addRecord(std::move(record));
    return;
  }
  TermId handle = terms().field(object, Program.ghostField("$handle"));
  auto *thread = llvm::find_if(state.alive, [&](const Alive &candidate) {
    return !candidate.detached && candidate.isThread && joins(state, handle, 0, candidate);
  });
  if (thread == state.alive.end())
    return;
  // Of an element that is not known, the last round's thread may be another's.
  const Term &element = terms()[object];
  if (overwritten && element.weak)
    return;
  // A container that a callee filled is joined by a loop, somewhere.
  bool elsewhere = thread->spawn && thread->spawn < Shared.solution.spawns.size() &&
                   Shared.solution.spawns[thread->spawn].function != Function;
  if (elsewhere && standsInMany(state, *thread))
    return;
  noteLost(state, *thread, overwritten ? LostThread::Overwritten : LostThread::Destroyed, at);
  state.alive.erase(thread); // the program ends here
}

/// Calls that end a thread object: a fact of its type.
void FunctionExecutor::noteObjectCall(State &state, link::FunctionId callee, const CallFrame &frame) {
  const link::FunctionInfo &info = Program.function(callee);
  if (!info.record || frame.arguments.empty())
    return;
  const model::TypeModel *type = Program.record(info.record).model;
  if (!type || !type->terminatesWhenJoinable)
    return;
  bool assigns = info.qualifiedName.ends_with("::operator=");
  if (!assigns && !(info.flags & ir::FunctionIsDestructor))
    return;
  noteDrop(state, terms().deref(frame.arguments[0]), assigns, step(frame.location));
}

/// Handles in variables of this function that are neither joined nor detached
/// when it returns.
void FunctionExecutor::noteLostHandles() {
  if (!Shared.finalPass)
    return;
  // `main` may end the program without its threads, when something went wrong.
  bool isMain = Body.flags & ir::FunctionIsMain;
  if (isMain && callsAnyJoin())
    return;
  for (const Exit &exit : Exits) {
    if (exit.byException || !exit.state.joined.empty())
      continue;
    for (const Alive &thread : exit.state.alive) {
      if (!thread.isThread || thread.detached || thread.unsure || !thread.handle ||
          !isRawHandle(Program, terms(), thread.handle) || terms()[thread.handle].weak)
        continue;
      TermId root = terms().objectOf(thread.handle);
      if (terms()[root].kind != TermKind::Local || terms()[root].a != Function)
        continue;
      bool escapes = isKept(exit.state, terms(), thread.handle, thread.value) ||
                     llvm::any_of(exit.state.entries(), [&](const auto &entry) {
                       const Term &value = terms()[entry.second];
                       return value.kind == TermKind::Address && terms().objectOf(value.a) == root &&
                              terms()[terms().objectOf(entry.first)].kind != TermKind::Local;
                     });
      bool isReported = llvm::any_of(thread.borrowed, [&](TermId value) {
        return terms()[value].kind == TermKind::Address &&
               terms()[terms().objectOf(terms()[value].a)].kind == TermKind::Local;
      });
      if (!escapes && !isReported)
        noteLost(exit.state, thread, LostThread::Dropped, step(exit.location ? exit.location : Body.endLocation));
    }
  }
}

bool FunctionExecutor::callsAnyJoin() const {
  for (const ir::Block *block : Blocks)
    for (std::uint32_t e = 0; e < block->eventCount; ++e) {
      const ir::Event &event = Unit.events[block->firstEvent + e];
      if (event.kind != ir::EventKind::Call)
        continue;
      const model::FunctionModel *model = Program.function(Link.functions[Unit.calls[event.a].callee]).model;
      if (model && model->effect(model::EffectKind::Joins))
        return true;
    }
  return false;
}

//===----------------------------------------------------------------------===//
// Variables that threads outlive
//===----------------------------------------------------------------------===//

void FunctionExecutor::noteEscape(const State &state, ir::Index variable, ir::Index location) {
  if (!Shared.finalPass || state.alive.empty() || state.widened)
    return;
  Solution &solution = Shared.solution;
  const ir::Variable &row = Unit.variables[variable];
  TermId place = terms().local(Function, variable);
  if (row.kind == ir::VariableKind::Parameter && Unit.types[row.type].kind == ir::TypeKind::Record) {
    bool isMethod = ir::takesObject(Unit, Body);
    place = terms().deref(terms().formal(row.position + unsigned(isMethod))); // an object passed by value
  }
  for (const Alive &thread : state.alive) {
    if (!thread.isThread || thread.unsure || thread.met)
      continue;
    // Joins of a thread that is not known may be joins of this one.
    bool maybeJoined = !thread.detached && (!thread.handle || !state.joined.empty() || state.thrownAt ||
                                            ((Body.flags & ir::FunctionIsMain) && callsAnyJoin()));
    if (maybeJoined)
      continue;
    bool uses = llvm::any_of(thread.borrowed, [&](TermId value) {
      const Term &term = terms()[value];
      if (term.kind == TermKind::Formal)
        return terms()[place].kind == TermKind::Deref && terms()[place].a == value;
      return term.kind == TermKind::Address && terms().objectOf(term.a) == place;
    });
    const Step start = solution.steps[solution.innermost(thread.startedAt)];
    if (!uses || !firstTime({23, start.function, start.location}))
      continue;
    EscapingReference fact;
    fact.function = Function;
    fact.spawn = thread.spawn == ~0u ? 0 : thread.spawn;
    fact.startedAt = thread.startedAt;
    fact.variable = variable;
    fact.endLocation = location;
    fact.detached = thread.detached;
    solution.escaping.push_back(std::move(fact));
  }
}

/// Parameters have no end of their own.
void FunctionExecutor::noteEscapedParameters() {
  for (const Exit &exit : Exits)
    for (std::uint32_t i = 0; i < Body.variables.count; ++i) {
      ir::Index row = Unit.lists[Body.variables.first + i];
      if (Unit.variables[row].kind == ir::VariableKind::Parameter)
        noteEscape(exit.state, row, exit.location ? exit.location : Body.endLocation);
    }
}

//===----------------------------------------------------------------------===//
// Constructors that start threads
//===----------------------------------------------------------------------===//

/// Whether a thread has the object that this constructor makes.
bool FunctionExecutor::hasThis(const Alive &thread) const {
  return llvm::any_of(thread.borrowed, [&](TermId value) {
    const Term &term = terms()[value];
    if (term.kind == TermKind::Formal)
      return term.a == 0;
    TermId root = term.kind == TermKind::Address ? terms().objectOf(term.a) : 0;
    return root && terms()[root].kind == TermKind::Deref && terms()[terms()[root].a].kind == TermKind::Formal &&
           terms()[terms()[root].a].a == 0;
  });
}

/// The member of this object in which a place lies; 0: in none.
link::FieldId FunctionExecutor::ownMember(TermId place) const {
  link::FieldId member = 0;
  while (terms()[place].kind == TermKind::Field || terms()[place].kind == TermKind::Element) {
    if (terms()[place].kind == TermKind::Field && Program.field(terms()[place].b).record)
      member = terms()[place].b;
    place = terms()[place].a;
  }
  const Term &root = terms()[place];
  bool isThis = root.kind == TermKind::Deref && terms()[root.a].kind == TermKind::Formal && terms()[root.a].a == 0;
  return isThis ? member : 0;
}

void FunctionExecutor::noteMemberWrite(const State &state, TermId place, StepId inner) {
  if (!(Body.flags & ir::FunctionIsConstructor) || !Shared.finalPass || state.alive.empty() || !state.locks.empty())
    return;
  link::FieldId member = ownMember(place);
  if (!member)
    return;
  Solution &solution = Shared.solution;
  for (const Alive &thread : state.alive) {
    if (!thread.isThread || !hasThis(thread) || (thread.handle && ownMember(thread.handle) == member))
      continue;
    const Step start = solution.steps[solution.innermost(thread.startedAt)];
    if (!firstTime({24, Function, start.function, start.location, member}))
      continue;
    solution.lateMembers.push_back(
        {Function, thread.spawn == ~0u ? 0 : thread.spawn, thread.startedAt, member, step(CurrentLocation, inner)});
  }
}

void FunctionExecutor::noteConstructorStarts() {
  if (!(Body.flags & ir::FunctionIsConstructor) || !Shared.finalPass)
    return;
  for (const Exit &exit : Exits)
    for (const Alive &thread : exit.state.alive) {
      const Step start = Shared.solution.steps[Shared.solution.innermost(thread.startedAt)];
      if (thread.isThread && hasThis(thread) && firstTime({25, Function, start.function, start.location}))
        Shared.solution.constructorStarts.push_back(
            {Function, thread.spawn == ~0u ? 0 : thread.spawn, thread.startedAt});
    }
}

/// Whether a function waits for the end of a thread, or calls one that does.
static bool joinsThread(const link::Program &program, link::FunctionId function, unsigned depth) {
  const link::FunctionInfo &info = program.function(function);
  if (info.model)
    return info.model->effect(model::EffectKind::Joins);
  if (!info.hasBody || !depth)
    return false;
  const link::Program::UnitLink &link = program.link(info.row.unit);
  return program.anyEvent(function, [&](const ir::Event &event) {
    return event.kind == ir::EventKind::Call &&
           joinsThread(program, link.functions[link.unit->calls[event.a].callee], depth - 1);
  });
}

/// Whether a destructor has yet to wait for a thread of its object, which uses the
/// object until then: `stop = true; thread.join();`.
bool FunctionExecutor::joinsLater(const State &state) const {
  if (!(Body.flags & ir::FunctionIsDestructor) || !state.joined.empty())
    return false;
  auto joinsIn = [&](unsigned number) {
    const ir::Block &block = *Blocks[number];
    for (std::uint32_t i = 0; i < block.eventCount; ++i)
      if (const ir::Event &event = Unit.events[block.firstEvent + i];
          event.kind == ir::EventKind::Call && joinsThread(Program, Link.functions[Unit.calls[event.a].callee], 1))
        return true;
    return false;
  };
  llvm::SmallVector<unsigned, 8> work{CurrentBlock};
  llvm::SmallDenseSet<unsigned, 16> seen{CurrentBlock};
  while (!work.empty()) {
    const unsigned block = work.pop_back_val();
    if (joinsIn(block))
      return true;
    for (unsigned next : Successors[block])
      if (seen.insert(next).second)
        work.push_back(next);
  }
  return false;
}

} // namespace gridlock::solve
