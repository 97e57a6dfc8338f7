//===- Invoke.cpp - Calls, summaries, threads -------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A call applies what is known of its callee, in this order: the model, when
// there is one; the summary, when there is a body; else what may be assumed of
// unknown code. A callable argument of unknown library code is called now, with
// all the locks held; one that a model says is started is run on a thread of
// its own, with no locks held.
//
// A summary is applied by substitution: `Formal(i)` becomes the argument,
// `Initial(p)` becomes what the caller's state holds in p. What a callee made or
// got from outside (Heap, Opaque) is renamed by the call, so that two calls of a
// factory give two objects.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/BodyGraph.h"
#include "engine/solve/Executor.h"
#include "engine/solve/IndexRounds.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"
#include <utility>

namespace gridlock::solve {

/// A call with more possible targets than this is not followed.
static constexpr unsigned targetLimit = 12;
/// A call with more possible targets than this makes findings less certain.
static constexpr unsigned certainTargets = 3;

//===----------------------------------------------------------------------===//
// Substitution
//===----------------------------------------------------------------------===//

TermId FunctionExecutor::Substitution::leaf(const Term &term, TermId id) {
  TermTable &terms = executor.terms();
  switch (term.kind) {
  case TermKind::Formal:
    if (term.a == returnPosition)
      return frame.destination ? terms.address(frame.destination) : terms.opaque(OriginKind::Unknown, frame.site + 1);
    return term.a < frame.arguments.size() ? frame.arguments[term.a]
                                           : terms.opaque(OriginKind::Unknown, frame.site + 2 + term.a);
  case TermKind::Heap: {
    if (term.number == 0)
      return id; // what the process has once
    std::int64_t number = std::int64_t(llvm::hash_combine(term.number, frame.site));
    llvm::DenseSet<std::int64_t> &loopHeaps = executor.Shared.solution.loopHeaps;
    if (executor.insideLoop(frame) || loopHeaps.contains(term.number))
      loopHeaps.insert(number);
    return terms.heap(number, term.a);
  }
  case TermKind::Opaque: {
    if (llvm::is_contained({OriginKind::CapturedThis, OriginKind::Share, OriginKind::ThreadNumber}, OriginKind(term.a)))
      return id; // the lambda's or the thread's, wherever it is
    std::int64_t number = std::int64_t(llvm::hash_combine(term.number, frame.site));
    if (isDescriptor(term)) {
      executor.Shared.solution.descriptors[number] = executor.Shared.solution.descriptors.lookup(term.number);
    } else if (TermId place = executor.Shared.solution.loadedFrom.lookup(term.number)) {
      Memo[id] = terms.opaque(OriginKind(term.a), number); // the place may be named by what was loaded
      TermId mine = (*this)(place);
      executor.Shared.solution.loadedFrom[number] = mine;
      if (executor.Shared.solution.atomicLoads.contains(place))
        executor.Shared.solution.atomicLoads.insert(mine);
    }
    const bool isHandedOut = HandedOut.contains(id);
    const TermId renamed = terms.opaque(isHandedOut ? OriginKind::CallResult : OriginKind(term.a), number);
    if (isHandedOut)
      executor.rememberHandedOut(frame, renamed);
    Memo[id] = renamed; // what bounds a loop may be computed from its counter
    renameCounter(executor.Shared.solution, id, renamed, state.region, *this);
    return renamed;
  }
  default:
    return id;
  }
}

TermId FunctionExecutor::Substitution::operator()(TermId id) {
  TermTable &terms = executor.terms();
  const Term term = terms[id];
  if (!term.mentionsFormal && !term.mentionsInitial && !(rename && term.mentionsMade))
    return id;
  if (auto found = Memo.find(id); found != Memo.end())
    return found->second;
  TermId result = id;
  switch (term.kind) {
  case TermKind::Formal:
  case TermKind::Heap:
  case TermKind::Opaque:
    result = leaf(term, id);
    break;
  case TermKind::Initial:
    result = (*this)(term.a);
    if (trace) {
      trace->loads.push_back({result, executor.load(state, result)});
      result = trace->loads.back().second;
    } else {
      result = executor.load(state, result);
    }
    break;
  case TermKind::Element:
  case TermKind::Binary: {
    TermId a = (*this)(term.a);
    result = terms.rebuild(term, a, (*this)(term.b));
    break;
  }
  default:
    result = terms.rebuild(term, (*this)(term.a), term.b);
    break;
  }
  if (result == frame.callBack.first)
    result = frame.callBack.second;
  Memo[id] = result;
  return result;
}

//===----------------------------------------------------------------------===//
// Call events
//===----------------------------------------------------------------------===//

void FunctionExecutor::executeCall(State state, const ir::Event &event, States &after) {
  const ir::Call &call = Unit.calls[event.a];
  forgetLastRound(state, event.a);
  CallFrame frame;
  frame.call = &call;
  frame.location = locationOf(Unit, event);
  frame.site = site(4, event.a);
  frame.unwind = call.unwind;
  for (std::uint32_t i = 0; i < call.arguments.count; ++i)
    frame.arguments.push_back(value(state, Unit.lists[call.arguments.first + i]));
  if (call.destination)
    frame.destination = place(state, call.destination);

  TermId slot = terms().opaque(OriginKind::CallResult, site(8, event.a));
  frame.resultSlot = slot;

  if (call.flags & ir::CallIsNew) {
    state.store(slot, terms().address(terms().heap(site(5, event.a))));
    llvm::erase(state.handedOut, terms().heap(site(5, event.a)));
    llvm::erase(state.published, terms().heap(site(5, event.a)));
    if (LoopCalls.contains(event.a))
      Shared.solution.loopHeaps.insert(site(5, event.a));
    after.push_back(std::move(state));
    return;
  }
  link::FunctionId callee = Link.functions[call.callee];
  if (callee && (call.flags & ir::CallIsVirtual)) {
    link::RecordId receiver = Link.records[call.receiver];
    if (!frame.arguments.empty()) {
      const Term object = terms()[frame.arguments[0]];
      // A variable's own type is its dynamic type.
      if (object.kind == TermKind::Address &&
          (terms()[object.a].kind == TermKind::Local || terms()[object.a].kind == TermKind::Global))
        if (link::RecordId exact = recordOf(object.a))
          receiver = exact;
    }
    auto targets = Program.virtualTargets(callee, receiver, targetLimit + 1);
    if (targets.empty())
      noteForeign(state.locks, step(frame.location));
    if (!targets.empty() && targets.size() <= targetLimit) {
      frame.manyTargets = targets.size() > certainTargets;
      after = invokeAny(std::move(state), targets, frame);
      rememberRound(after, event.a);
      return;
    }
  }
  if (callee)
    after = invoke(std::move(state), callee, frame);
  else
    after = callValue(std::move(state), value(state, call.calleeValue), frame);
  rememberRound(after, event.a);
}

void FunctionExecutor::setResult(State &state, CallFrame &frame, TermId result) {
  // A value that a model does not know is this call's own, new in each round.
  const Term &term = terms()[result];
  bool isUnknown = term.kind == TermKind::Opaque && OriginKind(term.a) == OriginKind::Unknown;
  if (frame.resultSlot)
    state.store(frame.resultSlot, result && !isUnknown ? result : frame.resultSlot);
}

TermId FunctionExecutor::currentResult(State &state, CallFrame &frame) {
  if (!frame.resultSlot)
    return terms().opaque(OriginKind::CallResult, frame.site);
  TermId stored = state.stored(frame.resultSlot);
  return stored ? stored : frame.resultSlot;
}

States FunctionExecutor::invokeAny(State state, llvm::ArrayRef<link::FunctionId> callees, CallFrame &frame) {
  if (callees.size() == 1)
    return invoke(std::move(state), callees.front(), frame);
  // Each target's own way; targets without effect on locks give one state.
  States result;
  for (link::FunctionId callee : callees)
    for (State &next : invoke(state, callee, frame)) {
      auto same = llvm::find_if(result, [&](const State &other) { return other.sameLocks(next); });
      if (same == result.end())
        result.push_back(std::move(next));
      else
        mergeInto(*same, next, frame.site);
    }
  if (result.empty() && !callees.empty() && frame.manyTargets && !frame.meetsNull)
    result.push_back(std::move(state)); // none fits: nothing is known of the call
  return result;
}

States FunctionExecutor::invoke(State state, link::FunctionId callee, CallFrame &frame) {
  const link::FunctionInfo &info = Program.function(callee);
  noteHandedOver(state, callee, frame);
  noteObjectCall(state, callee, frame);
  if ((info.flags & ir::FunctionIsConstructor) && !frame.arguments.empty())
    noteMemberWrite(state, terms().deref(frame.arguments[0]));
  if (info.model) {
    // Containers and smart pointers are described member by member.
    if (frame.call && !info.hasBody && !llvm::StringRef(info.qualifiedName).contains("::"))
      forgetOutParameters(state, callee, frame);
    return applyModel(std::move(state), callee, *info.model, frame);
  }
  if (const model::FunctionModel *semaphore = Shared.semaphores.own().modelOf(callee))
    return applyModel(std::move(state), callee, *semaphore, frame);
  if (info.hasBody) {
    noteCallSite(state, callee, frame);
    noteForkCall(state, callee, frame.location);
    noteCallBack(state, callee, frame);
    return applySummary(std::move(state), callee, frame);
  }
  return applyUnknown(std::move(state), callee, frame);
}

//===----------------------------------------------------------------------===//
// Summaries
//===----------------------------------------------------------------------===//

/// Takes what a callee found out about a term; false when it contradicts what is
/// known of `subject`, the term's name here.
bool FunctionExecutor::assumeFact(State &state, const Fact &fact, TermId subject) {
  auto assume = [&](ir::Operator op, std::int64_t bound, bool truth) {
    return state.assume(terms(), terms().binary(op, subject, terms().integer(bound)), truth);
  };
  if (fact.low == fact.high)
    return assume(ir::Operator::Equal, fact.low, true);
  return (fact.low == INT64_MIN || assume(ir::Operator::Less, fact.low, false)) &&
         (fact.high == INT64_MAX || assume(ir::Operator::LessEqual, fact.high, true)) &&
         (!fact.nonZero || assume(ir::Operator::NotEqual, 0, true));
}

bool FunctionExecutor::applyOutcome(State &state, const Outcome &outcome, CallFrame &frame, Substitution &substitute,
                                    TermId &result) {
  llvm::scope_exit release([this] { ReleaseMode = OpenMode::None; });
  OpenMode open =
      outcome.released.empty() ? OpenMode::None : openMode(state, substitute, outcome.conditions, /*forGood=*/false);
  for (const Fact &fact : outcome.conditions)
    if (!assumeFact(state, fact, substitute(fact.term)))
      return false;
  // What a callee lets go of for a while keeps the name under which it was held.
  llvm::SmallVector<std::pair<TermId, TermId>, 1> heldAs;
  for (const Released &entry : outcome.released) {
    TermId lock = substitute(entry.lock);
    if (Held *held = findHeld(state, lock); held && held->lock != lock && held->count == 1)
      heldAs.push_back({lock, held->lock});
    if ((frame.meetsNull = !assumeNotNull(state, lock)))
      return false;
    ReleaseMode = releaseMode(open, entry.at);
    if (ReleaseMode == OpenMode::None && llvm::is_contained(state.skipped, lock))
      ReleaseMode = openMode(outcome.conditions);
    releaseForCallee(state, lock, step(frame.location, entry.at));
  }
  for (const Held &held : outcome.acquired) {
    TermId lock = substitute(held.lock);
    if ((frame.meetsNull = !assumeNotNull(state, lock)))
      return false;
    if (auto known = llvm::find_if(heldAs, [&](const auto &names) { return names.first == lock; });
        known != heldAs.end())
      lock = known->second;
    bool wasFree = llvm::is_contained(state.notHeld, lock);
    llvm::erase(state.notHeld, lock);
    llvm::erase(state.skipped, lock);
    if (Held *already = findHeld(state, lock); already && already->lock == lock) {
      if (!held.leaked)
        countAgain(*already, held.mode, held.traits);
      continue;
    }
    EverAcquired.insert(lock);
    Held mine = held;
    mine.lock = lock;
    mine.wasFree = wasFree;
    mine.acquiredAt = step(frame.location, held.acquiredAt);
    state.locks.push_back(mine);
    noteCalleeSection(held.lock, lock, held.acquiredAt, frame.location, /*goesOn=*/true);
    if (!state.glimpsed.empty())
      state.awaitGlimpsed(Shared.solution.lockClass(lock, Function));
  }
  for (TermId lock : outcome.notHeld) {
    TermId mine = substitute(lock);
    if (!state.held(mine) && !llvm::is_contained(state.notHeld, mine))
      state.notHeld.push_back(mine);
  }
  replay(state, outcome.log, substitute, frame.location, 0);
  for (auto [place, value] : outcome.writes) {
    TermId to = substitute(place);
    TermId what = value ? substitute(value)
                        : terms().opaque(OriginKind::CallResult, std::int64_t(llvm::hash_combine(frame.site, place)));
    if (terms().isPlace(to))
      storeValue(state, to, inheritProcess(state, to, what, frame));
    if (outcome.taken.empty())
      noteMemberWrite(state, to);
  }
  for (const Fact &fact : outcome.known) {
    const TermId value = substitute(fact.term);
    rememberHandedOut(frame, value);
    if (!assumeFact(state, fact, value))
      return false;
  }
  applyRounds(state, outcome.rounds, substitute);
  for (const HandOver &entry : outcome.awaited)
    noteAwaited(state, {substitute(entry.place), entry.value});
  for (const HandOver &entry : outcome.signaled)
    noteSignal(state, {substitute(entry.place), entry.value});
  if (!outcome.alive.empty())
    handOut(state, frame.arguments);
  for (const Alive &thread : outcome.alive)
    if (!thread.over && !isRestart(substitute.state, outcome, thread, substitute))
      noteBesideItself(substitute.state, thread.spawn);
  applyThreads(state, outcome, substitute, frame.location);
  applyChanges(state, outcome, substitute, frame.location);
  state.lossy |= outcome.lossy;
  for (std::uint32_t conflict : outcome.pipeConflicts)
    Shared.solution.pipeConflicts[conflict].isConfirmed = true;
  result = outcome.result ? substitute(outcome.result) : 0;
  return !result || !outcome.resultIsNotNull || state.assume(terms(), result, true);
}

States FunctionExecutor::applySummary(State state, link::FunctionId callee, CallFrame &frame) {
  const ProcedureSummary &summary = Shared.solution.summaries[callee];
  frame.meetsNull = false;
  States after;
  if (!hasSummary(callee)) { // recursion, first pass
    setResult(state, frame, 0);
    if (Shared.callsReturn && !(Program.function(callee).flags & ir::FunctionIsNoReturn))
      after.push_back(std::move(state));
    return after;
  }
  // A target that gives back a lock which is surely not held here is not meant.
  if (frame.manyTargets && !state.notHeld.empty() && !summary.outcomes.empty()) {
    Substitution names(*this, state, frame, true);
    auto isFree = [&](const Released &entry) { return llvm::is_contained(state.notHeld, names(entry.lock)); };
    // Of Python's lock one way is enough: a function that lets go of it on some
    // way expects it of its callers on all.
    auto isFreeGil = [&](const Released &entry) { return isGil(names(entry.lock)) && isFree(entry); };
    if (llvm::all_of(summary.outcomes, [&](const Outcome &way) { return llvm::any_of(way.released, isFree); }) ||
        llvm::any_of(summary.outcomes, [&](const Outcome &way) { return llvm::any_of(way.released, isFreeGil); }))
      return after;
  }
  instantiateRecords(state, summary, frame, 0);
  instantiateAccesses(state, summary, callee, frame, 0);
  instantiateCaptures(state, summary, frame);
  replayEndings(state, callee, frame);
  replayEscapes(state, summary, frame);
  for (const Outcome &outcome : summary.outcomes)
    renewMade(state, outcome.log, frame);
  Substitution substitute(*this, state, frame, true); // names refer to the state at the call
  substitute.fixHandedOut(summary);
  if (summary.mayThrow && frame.canUnwind)
    for (const Outcome &outcome : summary.unwinds) {
      State unwound = state;
      TermId ignored = 0;
      if (applyOutcome(unwound, outcome, frame, substitute, ignored))
        unwindFrom(std::move(unwound), frame, step(frame.location));
    }
  for (const Outcome &outcome : summary.outcomes) {
    State next = state;
    TermId result = 0;
    llvm::SmallVector<TermId, 1> skipped = skippedLocks(state, substitute, summary, outcome);
    if (!applyOutcome(next, outcome, frame, substitute, result))
      continue;
    for (TermId lock : skipped)
      if (!next.held(lock) && !llvm::is_contained(next.skipped, lock))
        next.skipped.push_back(lock);
    setResult(next, frame, result);
    after.push_back(std::move(next));
  }
  if (after.empty() && !summary.outcomes.empty() && !frame.meetsNull) {
    // All outcomes contradict what is believed here: a belief is too narrow.
    for (const Outcome &outcome : summary.outcomes)
      for (TermId handle : outcome.joined)
        noteJoined(state, substitute(handle), {});
    setResult(state, frame, 0);
    state.lossy = true;
    after.push_back(std::move(state));
  }
  return after;
}

void FunctionExecutor::unwindFrom(State state, CallFrame &frame, StepId thrownAt) {
  ThrownAt = state.thrownAt = thrownAt;
  state.onces.clear(); // an initialisation that failed is over
  if (frame.unwind && BlockNumbers.count(frame.unwind))
    push(blockNumber(frame.unwind), std::move(state), false);
  else if (Exits.size() < 400)
    Exits.push_back({std::move(state), frame.location, true, thrownAt});
}

//===----------------------------------------------------------------------===//
// Records of the callee
//===----------------------------------------------------------------------===//

void FunctionExecutor::instantiateRecord(State &state, const Record &inner, Substitution &substitute, CallFrame &frame,
                                         std::uint32_t spawn) {
  Record record = inner;
  record.conditions.clear();
  if (!feasible(state, substitute, inner.conditions, &record.conditions))
    return;
  OpenMode openHere = std::max(inner.openMode, openMode(state, substitute, inner.conditions, /*forGood=*/false));
  record.openMode = std::max(inner.openMode, openMode(state, substitute, inner.conditions, /*forGood=*/true));
  for (const Fact &fact : inputFacts(state))
    if (record.conditions.size() < 6 && !llvm::is_contained(record.conditions, fact))
      record.conditions.push_back(fact);
  record.subject = substitute(inner.subject);
  record.extra = substitute(inner.extra);
  for (TermId &argument : record.arguments)
    argument = substitute(argument);
  record.step = step(frame.location, inner.step);
  record.throughManyTargets |= frame.manyTargets && !(frame.areStored && frame.callBack.first);
  record.lossy |= state.widened;
  if (substitute.guess)
    record.guesses.assign(1, substitute.guess);
  bool ownThread = !record.spawn && !spawn;
  bool isWrong = record.kind == RecordKind::Acquire && ownThread && record.isGuessedBy(substitute.wrongGuesses);
  if (isWrong && !state.held(record.subject))
    return;
  record.onOpenPointer = inner.onOpenPointer || hasOpenPointer(state, substitute, inner, /*forGood=*/true);
  const bool pointerIsOpen = inner.onOpenPointer || hasOpenPointer(state, substitute, inner, /*forGood=*/false);
  bool hasInput = false;
  for (std::size_t i = 0; i < record.held.size(); ++i) {
    hasInput |= terms()[inner.held[i].lock].mentionsFormal;
    record.held[i].lock = substitute(inner.held[i].lock);
    record.held[i].acquiredAt = step(frame.location, inner.held[i].acquiredAt);
  }
  bool wasFinal = !hasInput && !terms()[inner.subject].mentionsFormal;
  record.metAsInputs |= hasInput && terms()[inner.subject].mentionsFormal;
  for (TermId &lock : record.released)
    lock = substitute(lock);
  // What the callee had let go of by then is not held over it.
  auto stillHeld = [&](const Held &held) { return !held.leaked && !llvm::is_contained(record.released, held.lock); };
  if (ownThread)
    for (const Released &entry : state.released)
      if (!state.held(entry.lock) && !llvm::is_contained(record.released, entry.lock))
        record.released.push_back(entry.lock);
  if (!record.spawn)
    record.spawn = spawn;

  switch (record.kind) {
  case RecordKind::Acquire: {
    if (Shared.finalPass && spawn && !inner.spawn) {
      auto &acquires = Shared.solution.spawns[spawn].acquires;
      if (acquires.size() < 200) {
        acquires.push_back({record.subject, record.step});
        Shared.solution.spawns[spawn].traits.push_back(record.traits);
      }
    }
    const OpenMode openForGood = std::exchange(record.openMode, openHere);
    const bool pointerForGood = std::exchange(record.onOpenPointer, pointerIsOpen);
    // Pairs that the callee could not name for good, now with our names.
    if (!wasFinal)
      for (const Held &held : record.held)
        if (!terms()[held.lock].mentionsFormal && !terms()[record.subject].mentionsFormal)
          addPair(record, held, &state);
    bool same = false;
    for (const Held &held : record.held)
      if (held.lock == record.subject) { // two inputs of the callee are one object
        same = true;
        if (!record.byTry && !terms()[record.subject].weak && blocksItselfFor(held, record))
          noteReacquisition(held, record.subject, record.mode, record.step, record.throughManyTargets, record.spawn,
                            openHere);
      }
    if (!ownThread) {
      record.openMode = openForGood;
      record.onOpenPointer = pointerForGood;
      if (!wasFinal)
        addRecord(std::move(record));
      return;
    }
    if (terms()[inner.subject].mentionsFormal)
      noteCalleeSection(inner.subject, record.subject, inner.step, frame.location, /*goesOn=*/false);
    for (const Held &held : state.locks) {
      if (!stillHeld(held))
        continue;
      if (held.lock == record.subject) {
        same = true;
        bool certain = !record.byTry && !terms()[record.subject].weak && !state.assumesEqual(terms(), held.lock);
        if (certain && blocksItselfFor(held, record) &&
            !llvm::any_of(inner.held, [&](const Held &h) { return substitute(h.lock) == held.lock; }))
          noteReacquisition(held, record.subject, record.mode, record.step, record.throughManyTargets, 0, openHere);
        continue;
      }
      if (!terms()[held.lock].mentionsFormal && !terms()[record.subject].mentionsFormal)
        addPair(record, held, &state);
    }
    if (same) {
      if (substitute.trace)
        substitute.trace->incomplete = true;
      return;
    }
    for (const Held &held : state.locks)
      if (stillHeld(held) && !llvm::any_of(record.held, [&](const Held &h) { return h.lock == held.lock; })) {
        record.held.push_back(held);
        record.ordered |= isOrdered(&state, held, record.subject, true);
      }
    addOnces(state, record);
    record.openMode = openForGood;
    record.onOpenPointer = pointerForGood;
    addRecord(std::move(record));
    return;
  }
  case RecordKind::NeedsHeld:
    if (!ownThread || state.held(record.subject))
      return;
    if (!Shared.hasCallers[Function]) {
      noteNotHeld(record.subject, record.step, false, true, openHere);
      return;
    }
    addRecord(std::move(record));
    return;
  case RecordKind::Block:
  case RecordKind::Join: {
    if (!ownThread || forkedFrom(state)) // of a child that forked nobody wants the locks
      return;
    for (const Held &held : state.locks)
      if (stillHeld(held) && !llvm::any_of(record.held, [&](const Held &h) { return h.lock == held.lock; }) &&
          !(record.kind == RecordKind::Block && record.extra && mayAlias(terms(), held.lock, record.extra)))
        record.held.push_back(held);
    record.tearsDown |= !state.joined.empty();
    bool pending = record.kind == RecordKind::Block && Shared.solution.words[record.what] == "descriptor";
    noteBlocking(std::move(record), inner.held.empty() || pending);
    return;
  }
  case RecordKind::NeedsGil:
  case RecordKind::ChildFate:
  case RecordKind::ChildWait:
    passOnProcess(state, std::move(record), ownThread);
    return;
  case RecordKind::Notify:
    if (ownThread)
      instantiateNotify(state, std::move(record));
    return;
  case RecordKind::Drop:
    if (ownThread)
      noteDrop(state, record.subject, record.byTry, record.step);
    return;
  case RecordKind::SelfDetach:
    if (ownThread)
      addRecord(std::move(record));
    return;
  case RecordKind::Callback: {
    if (!ownThread) {
      if (spawn && !inner.spawn)
        startGiven(state, std::move(record), frame);
      return;
    }
    TermId closure = 0;
    auto targets = resolveCallable(state, record.subject, closure);
    if (targets.empty()) {
      for (const Held &held : state.locks)
        if (stillHeld(held))
          record.held.push_back(held);
      if (terms()[record.subject].mentionsFormal)
        addRecord(std::move(record));
      else
        noteForeign(record.held, record.step);
      return;
    }
    // Its records, with the locks that were held around the call.
    State there = state;
    llvm::erase_if(there.locks, [&](const Held &held) { return !stillHeld(held); });
    for (const Held &held : record.held)
      if (!there.held(held.lock))
        there.locks.push_back(held);
    CallFrame call;
    call.location = frame.location;
    call.site = std::int64_t(llvm::hash_combine(frame.site, record.subject));
    call.canUnwind = false;
    call.isFromBelow = true;
    call.arguments.append(record.arguments.begin(), record.arguments.end());
    callValue(std::move(there), record.subject, call);
    return;
  }
  case RecordKind::Handler:
  case RecordKind::Start:
    startRecorded(state, std::move(record), frame);
    return;
  }
}

} // namespace gridlock::solve
