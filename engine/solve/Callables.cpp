//===- Callables.cpp - Calls through values; threads ------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A callable is a function's address, the address of a closure or functor, or
// an object that a model says holds one (`$callee`). What the path knows wins;
// else the field-based flow says what may be stored there. A call through one of
// the function's own inputs stays symbolic, as a record, and is resolved by the
// caller that knows the value.
//
//===----------------------------------------------------------------------===//

#include "engine/link/LockConventions.h"
#include "engine/solve/Executor.h"
#include "engine/summary/Parameters.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

static constexpr unsigned flowLimit = 8;

llvm::SmallVector<link::FunctionId, 4> FunctionExecutor::resolveCallable(State &state, TermId callable, TermId &closure,
                                                                         unsigned depth) {
  llvm::SmallVector<link::FunctionId, 4> result;
  if (!callable || depth > 6)
    return result;
  const Term term = terms()[callable];
  if (term.kind == TermKind::Function) {
    link::FunctionId id = term.a;
    if (Program.function(id).flags & ir::FunctionIsVirtual) {
      auto targets = Program.virtualTargets(id, 0, flowLimit);
      result.append(targets.begin(), targets.end());
    } else if (Program.function(id).hasBody || Program.function(id).model) {
      result.push_back(id);
    }
    return result;
  }
  TermId place = terms().isPlace(callable) ? callable : terms().deref(callable);
  // A closure or functor.
  if (link::RecordId record = recordOf(place))
    if (link::FunctionId callOperator = Program.record(record).callOperator)
      if (Program.function(callOperator).hasBody) {
        closure = terms().address(place);
        result.push_back(callOperator);
        return result;
      }
  // What a wrapper object holds.
  TermId inner = terms().field(place, Program.ghostField("$callee"));
  if (TermId held = state.stored(inner))
    return resolveCallable(state, held, closure, depth + 1);
  if (TermId source = wholeObject(state, inner))
    if (TermId held = state.stored(source))
      return resolveCallable(state, held, closure, depth + 1);
  // What may be stored there.
  TermId walk = place;
  for (unsigned i = 0; i < 12; ++i) {
    const Term &part = terms()[walk];
    llvm::ArrayRef<link::FunctionId> flow;
    // A member that a model names, of another platform's class, holds nothing; but a
    // model has no class to name the parts of a container's elements by.
    if (part.kind == TermKind::Field && !Program.field(part.b).record && terms()[part.a].kind != TermKind::Element &&
        !llvm::StringRef("$@").contains(Program.field(part.b).name.front()))
      break;
    if (part.kind == TermKind::Field && Program.field(part.b).record && !Program.isPartOfAggregate(part.b))
      flow = Shared.flow.ofField(part.b);
    else if (part.kind == TermKind::Global)
      flow = Shared.flow.ofGlobal(part.a);
    else if (part.kind == TermKind::Local)
      flow = Shared.flow.ofLocal(part.a, part.b);
    else if (part.kind == TermKind::Field || part.kind == TermKind::Element || part.kind == TermKind::Deref ||
             part.kind == TermKind::Initial || part.kind == TermKind::Address) {
      walk = part.a;
      continue;
    }
    if (flow.size() <= flowLimit)
      result.append(flow.begin(), flow.end());
    break;
  }
  return result;
}

States FunctionExecutor::applyUnknown(State state, link::FunctionId callee, CallFrame &frame) {
  const link::FunctionInfo &info = Program.function(callee);
  bool isLibrary = info.flags & ir::FunctionIsInSystemHeader;
  escape(state, frame.arguments);
  noteUnknownCall(state, frame.arguments, frame.location, true);
  if (frame.call)
    forgetOutParameters(state, callee, frame);
  setResult(state, frame, 0);
  if (info.flags & ir::FunctionIsNoReturn)
    return {};
  if (Shared.solution.summaries[callee].computed) // what its attributes say
    return applySummary(std::move(state), callee, frame);
  States states;
  states.push_back(std::move(state));
  // A system template that takes callables calls them now, but not one that ends or
  // copies an object which holds one.
  const bool isLifetime = info.flags & (ir::FunctionIsDestructor | ir::FunctionIsCopyOrMove);
  if (isLibrary && !isLifetime && info.qualifiedName.find("::") != std::string_view::npos)
    for (TermId argument : llvm::SmallVector<TermId, 6>(frame.arguments)) {
      TermId closure = 0;
      if (resolveCallable(states.front(), argument, closure).empty())
        continue;
      CallFrame inner;
      inner.location = frame.location;
      inner.site = std::int64_t(llvm::hash_combine(frame.site, argument));
      inner.unwind = frame.unwind;
      States next;
      for (State &before : states)
        next.append(callValue(std::move(before), argument, inner));
      states = std::move(next);
    }
  return states;
}

/// Closures reached by flow alone have no known captures.
static bool takesClosure(const link::Program &program, link::FunctionId id) {
  const ir::Function &body = program.body(id);
  const ir::Unit &unit = program.unit(program.function(id).row.unit);
  return ir::takesObject(unit, body);
}

/// What a call through a table of lock operations means; null: it is no such call.
static const model::FunctionModel *operationOfTable(const link::Program &program, const TermTable &terms,
                                                    TermId callable, llvm::ArrayRef<TermId> arguments) {
  const Term &value = terms[callable];
  if (value.kind != TermKind::Initial || terms[value.a].kind != TermKind::Field)
    return nullptr;
  auto lock = llvm::find_if(arguments, [&](TermId argument) { return terms[argument].kind != TermKind::Integer; });
  if (lock == arguments.end())
    return nullptr;
  std::string entry = link::lockConventionOf(program, terms[value.a].b, unsigned(lock - arguments.begin()));
  return entry.empty() ? nullptr : program.models().function(entry, {});
}

/// Whether some of the functions leaves with a lock, or gives one back. Of two sets of
/// lock operations one is in use, and which one is not known at each call: what the one
/// takes the other would not release. Then the names say more than the bodies.
static bool areSeveralLockOperations(const Solution &solution, llvm::ArrayRef<link::FunctionId> targets) {
  return targets.size() > 1 && llvm::any_of(targets, [&](link::FunctionId target) {
           return llvm::any_of(solution.summaries[target].outcomes, [](const Outcome &outcome) {
             return !outcome.acquired.empty() || !outcome.released.empty();
           });
         });
}

/// Whether an object holds the function together with its argument: a job, which somebody
/// made to have just this function called.
static bool isJob(const TermTable &terms, TermId callable, llvm::ArrayRef<TermId> arguments) {
  auto holderOf = [&](TermId value) -> TermId {
    const Term &loaded = terms[value];
    if (loaded.kind != TermKind::Initial || terms[loaded.a].kind != TermKind::Field)
      return 0;
    return terms[loaded.a].a;
  };
  const TermId job = holderOf(callable);
  return job && arguments.size() == 1 && holderOf(arguments.front()) == job;
}

States FunctionExecutor::callValue(State state, TermId callable, CallFrame &frame, unsigned depth) {
  TermId closure = 0;
  auto targets = resolveCallable(state, callable, closure);
  if (targets.empty() || areSeveralLockOperations(Shared.solution, targets))
    if (const model::FunctionModel *operation = operationOfTable(Program, terms(), callable, frame.arguments))
      return applyModel(std::move(state), 0, *operation, frame);
  if (targets.empty()) {
    setResult(state, frame, 0);
    escape(state, frame.arguments);
    noteUnknownCall(state, frame.arguments, frame.location, !terms()[callable].mentionsFormal);
    if (!terms()[callable].mentionsFormal)
      noteForeign(state.locks, step(frame.location));
    else {
      Record record = makeRecord(RecordKind::Callback, state, step(frame.location));
      record.subject = callable;
      record.arguments.append(frame.arguments.begin(), frame.arguments.end());
      addRecord(std::move(record));
    }
    States after;
    after.push_back(std::move(state));
    return after;
  }
  // A callable that is handed to a callable, and so on: followed a few levels.
  if (CallableDepth > 6) {
    state.lossy = true;
    setResult(state, frame, 0);
    States after;
    after.push_back(std::move(state));
    return after;
  }
  ++CallableDepth;
  if (targets.size() > 1) {
    frame.manyTargets = true;
    frame.areJobs = isJob(terms(), callable, frame.arguments);
    frame.areStored = llvm::all_of(
        targets, [&](link::FunctionId target) { return Program.function(target).flags & ir::FunctionIsLambda; });
  }
  States result;
  auto given = frame.arguments;
  auto arguments = withBound(state, callable, given);
  for (link::FunctionId target : targets) {
    frame.arguments = arguments;
    bool isLambda = Program.function(target).flags & (ir::FunctionIsLambda);
    bool needsObject = Program.function(target).hasBody && takesClosure(Program, target);
    if (closure)
      frame.arguments.insert(frame.arguments.begin(), closure);
    else if (needsObject && isLambda)
      frame.arguments.insert(frame.arguments.begin(), terms().opaque(OriginKind::Unknown, frame.site + 7));
    for (State &next : invoke(state, target, frame)) {
      auto same = llvm::find_if(result, [&](const State &other) { return other.sameLocks(next); });
      if (same == result.end())
        result.push_back(std::move(next));
      else
        mergeInto(*same, next, frame.site);
    }
  }
  frame.arguments = given;
  --CallableDepth;
  return result;
}

/// What a started thread can reach by its arguments is not private any more.
void FunctionExecutor::handOut(State &state, llvm::ArrayRef<TermId> arguments) {
  auto note = [&](TermId value) {
    TermId root = terms().root(value);
    bool isMade = terms()[root].kind == TermKind::Heap || terms()[root].kind == TermKind::Local;
    if (isMade && !llvm::is_contained(state.handedOut, root))
      state.handedOut.push_back(root);
  };
  for (TermId argument : arguments) {
    note(argument);
    if (terms()[argument].kind != TermKind::Address)
      continue;
    for (auto [place, value] : state.entries())
      if (terms().mentions(place, terms()[argument].a))
        note(value);
  }
}

/// A thread is started while another one of the same spawn may still run.
void FunctionExecutor::noteBesideItself(const State &state, std::uint32_t spawn) {
  if (spawn && llvm::any_of(state.alive, [&](const Alive &thread) { return thread.spawn == spawn && !thread.over; }))
    Shared.solution.spawns[spawn].besideItself = true;
}

void FunctionExecutor::start(State &state, TermId callable, llvm::ArrayRef<TermId> arguments, TermId handle,
                             std::string_view what, CallFrame &frame, StepId at, Detached detached) {
  TermId closure = 0;
  auto targets = resolveCallable(state, callable, closure);
  handOut(state, arguments);
  if (closure)
    handOut(state, closure);
  Alive thread;
  thread.isThread = what == "thread";
  thread.detached = detached == Detached::Yes;
  thread.unsure = detached == Detached::Maybe;
  thread.startedAt = at;
  if (thread.isThread)
    thread.borrowed = borrowedBy(state, callable, arguments, frame);
  if (targets.empty()) {
    note(state, makeEvent(DescriptorAct::Escape, 0, frame.location, EventIsUnknown));
    Record record = makeRecord(what == "handler" ? RecordKind::Handler : RecordKind::Start, state, at);
    record.held.clear();
    record.subject = callable;
    record.extra = handle;
    record.what = Shared.solution.word(what);
    record.arguments.append(arguments.begin(), arguments.end());
    if (terms()[callable].mentionsFormal)
      addRecord(std::move(record));
    if (what != "handler")
      noteAlive(state, thread, handle, frame);
    return;
  }
  Solution &solution = Shared.solution;
  for (link::FunctionId target : targets) {
    std::uint32_t spawn = 0;
    bool isFirst = false;
    if (Shared.finalPass) {
      std::uint64_t key = llvm::hash_combine(Function, target, solution.steps[solution.innermost(at)].function,
                                             solution.steps[solution.innermost(at)].location, frame.location);
      auto [entry, isNew] = Shared.spawnIndex.try_emplace(key, std::uint32_t(solution.spawns.size()));
      spawn = entry->second;
      isFirst = isNew;
      if (isNew) {
        Spawn row;
        row.function = Function;
        row.step = at;
        row.entry = target;
        row.handle = what == "handler" ? 0 : handle;
        row.what = what;
        row.byHandler = frame.startedAs == "event";
        row.mayDetach = detached != Detached::No || detachesItself(target);
        solution.spawns.push_back(std::move(row));
        Shared.spawnsAt[at].push_back(spawn);
      }
      if (what == "handler")
        noteHandler(solution.spawns[spawn], isNew, state, handle, arguments);
      // Python calls what is bound to it from all of its threads.
      if (insideLoop(frame) || frame.startsInLoop || Shared.gilEntries.contains(target))
        solution.spawns[spawn].many = true;
      if (frame.startsMany)
        solution.spawns[spawn].many = solution.spawns[spawn].besideItself = true;
      noteBesideItself(state, spawn);
      noteJoinedBefore(state, solution.spawns[spawn].joinedBefore);
      noteClaims(state, solution.spawns[spawn], isNew);
      for (const Alive &thread : state.alive)
        if (!thread.over && !llvm::is_contained(solution.spawns[spawn].aliveAtStart, thread.spawn))
          solution.spawns[spawn].aliveAtStart.push_back(thread.spawn);
    }
    if (what != "handler") {
      Alive mine = thread;
      mine.spawn = spawn;
      mine.detached |= detachesItself(target);
      noteAlive(state, std::move(mine), handle, frame);
    }
    if (!Program.function(target).hasBody || !Shared.solution.summaries[target].computed || CallableDepth > 6)
      continue;
    ++CallableDepth;
    // What the thread does, in its own name space, with no locks held.
    CallFrame own;
    own.location = frame.location;
    own.site = std::int64_t(llvm::hash_combine(frame.site, target));
    own.canUnwind = false;
    own.startsInLoop = insideLoop(frame) || frame.startsInLoop || frame.startsMany;
    own.ownsObject = closure != 0;
    own.startedAs = what;
    if (closure)
      own.arguments.push_back(closure);
    else if (takesClosure(Program, target) && (Program.function(target).flags & ir::FunctionIsLambda))
      own.arguments.push_back(terms().opaque(OriginKind::Unknown, own.site));
    for (TermId argument : withBound(state, callable, arguments))
      own.arguments.push_back(passedTo(state, target, unsigned(own.arguments.size()), argument));
    State alone = state;
    alone.locks.clear();
    alone.released.clear();
    alone.notHeld.clear();
    alone.awaited.clear();
    alone.signaled.clear();
    instantiateRecords(alone, Shared.solution.summaries[target], own, spawn ? spawn : ~0u);
    instantiateAccesses(alone, Shared.solution.summaries[target], target, own, spawn ? spawn : ~0u);
    instantiateCaptures(alone, Shared.solution.summaries[target], own);
    nameSignals(alone, target, own);
    if (spawn)
      noteRoundsOfThread(alone, solution.spawns[spawn], isFirst, own);
    inheritFates(state, Shared.solution.summaries[target], own);
    replayThread(state, target, own,
                 terms().opaque(OriginKind::Fresh, std::int64_t(llvm::hash_combine(frame.site, 23))));
    --CallableDepth;
  }
}

/// What a thread signals, as its starter names it: a promise, a semaphore.
void FunctionExecutor::nameSignals(State &state, link::FunctionId entry, CallFrame &frame) {
  if (!Shared.finalPass)
    return;
  Substitution substitute(*this, state, frame, true);
  for (const Outcome &outcome : Shared.solution.summaries[entry].outcomes)
    for (const HandOver &signal : outcome.signaled)
      if (TermId place = substitute(signal.place); terms().isPlace(place))
        Shared.solution.signals.insert({entry, place, signal.value});
}

bool FunctionExecutor::insideLoop(const CallFrame &frame) const {
  return frame.call && LoopCalls.contains(ir::Index(frame.call - Unit.calls.data()));
}

/// Whether joining `handle` surely or possibly joins a thread started into
/// `other`: the same place, or elements of one array where an index is unknown.
static bool sameHandle(const TermTable &terms, TermId handle, TermId other) {
  if (handle == other)
    return true;
  const Term &a = terms[handle], &b = terms[other];
  if (a.kind == TermKind::Element && b.kind == TermKind::Element && a.a == b.a)
    return a.weak || b.weak || !a.b || !b.b;
  if (a.kind == TermKind::Field && b.kind == TermKind::Field && a.b == b.b)
    return sameHandle(terms, a.a, b.a);
  return false;
}

/// Whether two handles are kept in one declared field or global.
static bool haveOneHolder(const TermTable &terms, TermId handle, TermId other) {
  TermId a = terms.declared(handle, true), b = terms.declared(other, true);
  bool bothFields = terms[a].kind == TermKind::Field && terms[b].kind == TermKind::Field;
  return a && (a == b || (bothFields && terms[a].b == terms[b].b));
}

/// Threads of one start that a path tells apart. Every call on the way to the
/// start gives them another name, and more of them say nothing new.
static constexpr std::size_t aliveLimit = 6;

/// A thread runs from here on.
void FunctionExecutor::addAlive(State &state, Alive thread) {
  if (!thread.over) {
    llvm::erase(state.ended, thread.spawn);
    EndedIn.erase(thread.spawn);
  }
  auto isAlike = [&](const Alive &other) { return other.spawn == thread.spawn; };
  if (auto *same = llvm::find(state.alive, thread); same != state.alive.end())
    same->over &= thread.over;
  else if (std::size_t(llvm::count_if(state.alive, isAlike)) < aliveLimit)
    state.alive.push_back(std::move(thread));
}

/// A handle is joined: threads whose handles may be this one are most likely over.
/// (`joins` asks for more; a loop over an array of objects is seen only here.)
void FunctionExecutor::noteJoined(State &state, TermId handle, llvm::ArrayRef<std::uint32_t> spawns) {
  auto end = [&](std::uint32_t spawn) {
    if (spawn && !llvm::is_contained(state.ended, spawn))
      state.ended.push_back(spawn);
    unsigned &last = EndedIn[spawn];
    last = std::max(last, Order[CurrentBlock]);
  };
  for (std::uint32_t spawn : spawns)
    end(spawn);
  if (!handle)
    return;
  if (state.joinedOnSome.size() < handOverLimit && !llvm::is_contained(state.joinedOnSome, handle))
    state.joinedOnSome.push_back(handle);
  // A callee went through a loop that joins what is in a container.
  bool isLoop = terms()[handle].kind == TermKind::Field && terms()[handle].b == Program.ghostField("@joined");
  auto isOver = [&](const Alive &thread) {
    return isLoop ? standsInMany(state, thread) : haveOneHolder(terms(), handle, thread.handle);
  };
  for (Alive &thread : state.alive)
    if (!thread.detached && isOver(thread)) {
      thread.over = true;
      end(thread.spawn);
    }
}

/// Whether joining the handle joins the thread: the same value, wherever it was
/// moved to, or the same place.
bool FunctionExecutor::joins(State &state, TermId place, TermId value, const Alive &thread) {
  if (place && thread.handle && sameHandle(terms(), place, thread.handle))
    return true;
  if (!value && place)
    value = state.stored(place);
  if (!value)
    return false;
  const Term term = terms()[value];
  return (thread.value && value == thread.value) || (thread.handle && load(state, thread.handle) == value) ||
         (term.kind == TermKind::Initial && thread.handle && sameHandle(terms(), term.a, thread.handle));
}

void FunctionExecutor::join(State &state, TermId handleValue, TermId handlePlace, bool isShort, CallFrame &frame) {
  std::size_t before = state.alive.size();
  bool tearsDown = !state.joined.empty();
  llvm::SmallVector<std::uint32_t, 2> joinedSpawns;
  // A loop that joins what an iterator leads to joins all that a loop started.
  const Term &root = terms()[terms().root(handlePlace ? handlePlace : handleValue)];
  bool joinsAll = insideLoop(frame) && root.kind == TermKind::Opaque;
  llvm::erase_if(state.alive, [&](const Alive &thread) {
    bool match =
        joins(state, handlePlace, handleValue, thread) || (joinsAll && thread.handle && terms()[thread.handle].weak);
    if (match && thread.spawn)
      joinedSpawns.push_back(thread.spawn);
    if (match && thread.value && !isShort && (state.log & DescriptorLogs::makes))
      noteExact(state, makeEvent(DescriptorAct::Join, thread.value, frame.location));
    return match;
  });
  TermId joined = handlePlace                                      ? handlePlace
                  : terms()[handleValue].kind == TermKind::Initial ? terms()[handleValue].a
                                                                   : 0;
  if (joined && insideLoop(frame) && terms().isOneOfMany(joined) && onInputs(joined) &&
      !llvm::is_contained(JoinedInLoops, joined))
    JoinedInLoops.push_back(joined);
  if (state.alive.size() == before && joined && !llvm::is_contained(state.joined, joined))
    state.joined.push_back(joined);
  noteJoined(state, joined, joinedSpawns);
  if (isShort)
    return;
  Record record = makeRecord(RecordKind::Join, state, step(frame.location));
  record.tearsDown = tearsDown;
  const Term value = terms()[handleValue];
  record.subject = handlePlace ? handlePlace : value.kind == TermKind::Initial ? value.a : handleValue;
  record.spawnsJoined.append(joinedSpawns.begin(), joinedSpawns.end());
  noteBlocking(std::move(record), true);
}

/// Starts what a record says, or leaves it to a caller who knows the callable.
void FunctionExecutor::startRecorded(State &state, Record record, CallFrame &frame) {
  TermId closure = 0;
  if (resolveCallable(state, record.subject, closure).empty()) {
    if (terms()[record.subject].mentionsFormal)
      addRecord(std::move(record));
    return;
  }
  CallFrame call;
  call.location = frame.location;
  call.startsInLoop = insideLoop(frame);
  call.startedAs = record.byHandler ? "event" : "";
  call.site = std::int64_t(llvm::hash_combine(frame.site, record.subject));
  State there = state;
  start(there, record.subject, record.arguments, record.extra,
        record.kind == RecordKind::Handler ? "handler" : Shared.solution.words[record.what], call, record.step,
        Detached::Yes);
}

/// The thread that is started here calls what it found in its argument, as the
/// wrappers do that put a function and its argument into a struct: the function
/// is what the thread runs. So it is with the handler of an event loop, which stays
/// on the loop's thread.
void FunctionExecutor::startGiven(State &state, Record record, CallFrame &frame) {
  record.kind = RecordKind::Start;
  record.what = Shared.solution.word("thread");
  record.byHandler = frame.startedAs == "event";
  record.extra = 0;
  record.spawn = 0;
  record.held.clear();
  record.step = step(frame.location);
  startRecorded(state, std::move(record), frame);
}

} // namespace gridlock::solve
