//===- Children.cpp - The fate of children, across calls --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The problem. A child that ended stays a zombie until its parent collects it.
// Whether somebody does depends on where its name (the pid) goes: into a field
// that another method waits for, into a list that a loop empties, to a caller,
// into code that is not seen.
//
// The answer. Each path carries the children that it started and nobody has
// waited for. Where a function ends, a child whose name is still known to the
// caller is the caller's; one whose name went to a field, a global variable or a
// container is somebody's who waits for that field, decided by the rule when the
// whole program was seen; one without any name left is lost. What leaves the
// program (arguments of unknown functions, results of entry points) is taken to
// be collected there.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

std::uint64_t childHolder(const TermTable &terms, TermId value) {
  std::uint64_t ofLibrary = 0;
  for (TermId walk = value;;) {
    const Term &term = terms[walk];
    switch (term.kind) {
    case TermKind::Field:
      if (const link::RecordId record = terms.program().field(term.b).record) {
        const std::uint64_t holder = (1ull << 40) | term.b;
        if (!(terms.program().record(record).flags & ir::RecordIsInSystemHeader))
          return holder;
        ofLibrary = holder; // such as a member of the pairs of a map: whose map it is says more
      }
      walk = term.a;
      continue;
    case TermKind::Initial:
    case TermKind::Address:
    case TermKind::Deref:
    case TermKind::Element:
      walk = term.a;
      continue;
    case TermKind::Global:
      return (2ull << 40) | term.a;
    case TermKind::Local:
      return (3ull << 60) | (std::uint64_t(term.a) << 28) | term.b;
    default:
      return ofLibrary;
    }
  }
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

static std::uint32_t rowFor(Engine &engine, std::uint64_t key, std::size_t next, bool &isNew) {
  auto [entry, added] = engine.childIndex.try_emplace(key, std::uint32_t(next));
  isNew = added;
  return entry->second;
}

void FunctionExecutor::noteChild(State &state, TermId child, std::uint32_t callee, CallFrame &frame) {
  auto &starts = Shared.solution.processes.starts;
  bool isNew = false;
  std::uint32_t row = rowFor(Shared, llvm::hash_combine(1, Function, frame.location, callee), starts.size(), isNew);
  if (isNew)
    starts.push_back({Function, step(frame.location), callee, insideLoop(frame)});
  loseLastRound(state, row, frame.location);
  state.store(childFact(child, "$unreaped"), terms().integer(row));
  for (const char *fact : {"$signalled", "$bounded"})
    if (state.stored(childFact(child, fact)))
      state.store(childFact(child, fact), terms().integer(0));
}

std::uint32_t FunctionExecutor::forkRow(const State &state, ir::Index location, StepId inner) {
  auto &forks = Shared.solution.processes.forks;
  bool isNew = false;
  std::uint32_t row = rowFor(Shared, llvm::hash_combine(2, Function, location, inner), forks.size(), isNew);
  if (isNew)
    forks.push_back({Function, step(location, inner), {}, false});
  ForkSite &site = forks[row];
  site.threadsAlive |= !state.alive.empty();
  if (std::uint32_t outer = forkedFrom(state); outer && outer != row) {
    site.outer = outer;
    forks[outer].forksAgain = true;
  }
  if (Shared.finalPass)
    for (const Held &held : state.locks)
      if (!llvm::any_of(site.held, [&](const Held &other) { return other.lock == held.lock; }))
        site.held.push_back(held);
  return row;
}

/// What a callee's outcome says of children and forks, in the caller's words.
TermId FunctionExecutor::inheritProcess(State &state, TermId place, TermId value, const CallFrame &frame) {
  const Term where = terms()[place], what = terms()[value];
  if (where.kind != TermKind::Field || what.kind != TermKind::Integer || what.number <= 0)
    return value;
  ProcessFacts &facts = Shared.solution.processes;
  if (where.b == Program.ghostField("@forked"))
    return terms().integer(forkRow(state, frame.location, facts.forks[std::size_t(what.number)].step));
  if (where.b != Program.ghostField("$unreaped"))
    return value;
  bool isNew = false;
  std::uint32_t row =
      rowFor(Shared, llvm::hash_combine(3, Function, frame.location, what.number), facts.starts.size(), isNew);
  if (isNew) {
    ChildStart inner = facts.starts[std::size_t(what.number)];
    facts.starts.push_back({Function, step(frame.location, inner.step), inner.callee, insideLoop(frame)});
  }
  loseLastRound(state, row, frame.location);
  return terms().integer(row);
}

bool Solution::waitsForDoubleFork(StepId step) const {
  auto place = [&](StepId event) {
    const Step &inner = steps[innermost(event)];
    return std::pair(inner.function, inner.location);
  };
  auto found = processes.startOfWait.find(place(step));
  if (found == processes.startOfWait.end() || !found->second)
    return false;
  auto start = place(processes.starts[found->second].step);
  return llvm::any_of(processes.forks,
                      [&](const ForkSite &fork) { return fork.endsAtOnce() && place(fork.step) == start; });
}

//===----------------------------------------------------------------------===//
// Fates
//===----------------------------------------------------------------------===//

void FunctionExecutor::noteFate(State &state, TermId child, ChildFateKind fate, StepId at) {
  Record record = makeRecord(RecordKind::ChildFate, state, at);
  record.held.clear();
  record.subject = child;
  bool isEach = fate == ChildFateKind::Collected && terms()[child].weak;
  record.group = std::uint8_t(isEach ? ChildFateKind::AllCollected : fate);
  passOnFate(state, std::move(record));
}

/// A callee's record about children or the GIL, in this function's names.
void FunctionExecutor::passOnProcess(State &state, Record record, bool ownThread) {
  if (record.kind == RecordKind::NeedsGil)
    return passOnGilNeed(state, std::move(record), ownThread);
  if (record.kind == RecordKind::ChildFate)
    return ownThread ? passOnFate(state, std::move(record)) : void();
  const auto &spawns = Shared.solution.spawns;
  bool wasAsked = record.group & ChildWaitAfterTerminate;
  if (!wasAsked && record.spawn && record.spawn < spawns.size() && spawns[record.spawn].what == "handler")
    return; // what a handler waits for has ended
  for (const Held &held : state.locks) {
    bool isOver = held.leaked || llvm::is_contained(record.released, held.lock) ||
                  llvm::any_of(record.held, [&](const Held &other) { return other.lock == held.lock; });
    if (ownThread && !isOver)
      record.held.push_back(held);
  }
  passOnWait(state, std::move(record));
}

/// A thread's arguments are passed by reference: what stands there is meant.
TermId FunctionExecutor::plainChild(const State &state, TermId child) {
  const Term term = terms()[child];
  TermId stored = term.kind == TermKind::Address && !recordOf(term.a) ? state.stored(term.a) : 0;
  return stored ? stored : child;
}

/// Notes what happens to a child here, and hands it on while only the caller
/// can tell which child it is.
void FunctionExecutor::passOnFate(State &state, Record record) {
  ProcessFacts &facts = Shared.solution.processes;
  record.subject = plainChild(state, record.subject);
  const Term child = terms()[record.subject];
  bool collected = isCollected(record.group);
  bool isGroup = child.kind == TermKind::Unary && child.op == ir::Operator::Negate;
  bool any = !record.subject || (child.kind == TermKind::Integer && child.number <= 0) || isGroup;
  if (collected && (any || child.weak || ChildFateKind(record.group) == ChildFateKind::AllCollected))
    collectAll(state);
  if (any) {
    if (collected && Shared.finalPass)
      facts.collectors.insert(Function);
    return;
  }
  if (collected)
    state.store(childFact(record.subject, "$unreaped"), terms().integer(0));
  auto noteHolder = [&](TermId place) {
    std::uint64_t holder = childHolder(terms(), place);
    if (holder && collected)
      facts.collected.insert(holder);
    else if (holder)
      facts.killed.insert({holder, Function});
  };
  if (Shared.finalPass) {
    noteHolder(record.subject);
    for (auto [place, value] : state.entries())
      if (value == record.subject && terms()[place].kind != TermKind::Local && terms().isPlace(place))
        noteHolder(place);
  }
  if (child.mentionsFormal)
    addRecord(std::move(record));
}

bool FunctionExecutor::isPending(TermId place) {
  return terms()[place].kind == TermKind::Field && terms()[place].b == Program.ghostField("$unreaped");
}

/// Nobody needs to wait for the children of this path any more.
void FunctionExecutor::collectAll(State &state) {
  for (auto [place, value] : llvm::SmallVector<std::pair<TermId, TermId>, 8>(state.entries()))
    if (isPending(place))
      state.store(place, terms().integer(0));
}

/// Whether a call may wait for a child: then a loop around it waits for all of
/// them, also when a path believes that the loop runs no round.
bool FunctionExecutor::mayCollect(link::FunctionId callee) const {
  if (const model::FunctionModel *model = Program.function(callee).model)
    return model->effect(model::EffectKind::WaitChild);
  return llvm::any_of(Shared.solution.summaries[callee].records, [](const Record &record) {
    return record.kind == RecordKind::ChildFate && isCollected(record.group);
  });
}

/// A thread that was just started waits for a child, or will kill it.
void FunctionExecutor::inheritFates(State &state, const ProcedureSummary &summary, CallFrame &thread) {
  State before = state;
  Substitution substitute(*this, before, thread, false);
  for (std::size_t i = 0, n = summary.records.size(); i < n; ++i) {
    const Record &record = summary.records[i];
    if (record.kind != RecordKind::ChildFate)
      continue;
    TermId child = plainChild(state, substitute(record.subject));
    if (!child || !terms()[record.subject].mentionsFormal)
      continue;
    bool collected = isCollected(record.group);
    state.store(childFact(child, collected ? "$unreaped" : "$bounded"), terms().integer(!collected));
  }
}

/// Code that is not seen gets these values: it may collect the children.
void FunctionExecutor::escape(State &state, llvm::ArrayRef<TermId> values) {
  for (TermId value : values) {
    const Term term = terms()[value];
    if (state.stored(childFact(value, "$unreaped")))
      state.store(childFact(value, "$unreaped"), terms().integer(0));
    if (term.kind == TermKind::Initial && Shared.finalPass)
      if (std::uint64_t holder = childHolder(terms(), value))
        Shared.solution.processes.collected.insert(holder);
    if (term.kind != TermKind::Address)
      continue;
    for (auto [place, held] : llvm::SmallVector<std::pair<TermId, TermId>, 8>(state.entries())) {
      if (!terms().mentions(place, term.a) || !state.stored(childFact(held, "$unreaped")))
        continue;
      state.store(childFact(held, "$unreaped"), terms().integer(0));
    }
  }
}

//===----------------------------------------------------------------------===//
// Exits
//===----------------------------------------------------------------------===//

/// A thread's handle was moved to where others find it.
void FunctionExecutor::noteHandles(const State &state) {
  if (!Shared.finalPass)
    return;
  for (const Alive &thread : state.alive) {
    if (!thread.spawn || thread.spawn >= Shared.solution.spawns.size() || !thread.value)
      continue;
    Spawn &spawn = Shared.solution.spawns[thread.spawn];
    auto &places = spawn.movedTo;
    for (auto [place, value] : state.entries())
      if (value == thread.value && place != spawn.handle && places.size() < 8 && terms().isPlace(place) &&
          !llvm::is_contained(places, place))
        places.push_back(place);
  }
}

/// Decides what becomes of the children of a path that ends here.
void FunctionExecutor::settleChildren(Exit &exit) {
  State &state = exit.state;
  noteHandles(state);
  noteWaysToHandles(state);
  TermId result = Body.returnSlot ? state.stored(terms().local(Function, Body.returnSlot)) : 0;
  if (result && !Shared.hasCallers[Function] && terms()[result].kind == TermKind::Initial && Shared.finalPass)
    if (std::uint64_t holder = childHolder(terms(), result))
      Shared.solution.processes.collected.insert(holder);
  for (auto [place, value] : llvm::SmallVector<std::pair<TermId, TermId>, 8>(state.entries())) {
    const Term where = terms()[place], row = terms()[value];
    if (!isPending(place) || terms().isInteger(value, 0))
      continue;
    TermId child = terms().address(where.a);
    if (row.kind != TermKind::Integer || neverStarted(state, child) || exit.byException) {
      state.store(place, terms().integer(0));
      continue;
    }
    settleChild(state, place, result, exit.location);
  }
}

/// The same call starts another child: who keeps the one of the round before?
void FunctionExecutor::loseLastRound(State &state, std::uint32_t row, ir::Index location) {
  for (auto [place, value] : llvm::SmallVector<std::pair<TermId, TermId>, 8>(state.entries()))
    if (isPending(place) && terms().isInteger(value, row))
      settleChild(state, place, 0, location);
}

void FunctionExecutor::settleChild(State &state, TermId place, TermId result, ir::Index location) {
  TermId child = terms().address(terms()[place].a);
  std::int64_t row = terms()[state.stored(place)].number;
  llvm::SmallVector<std::uint64_t, 2> holders;
  if (child == result || keepsElsewhere(state, child, holders)) {
    // A caller goes on with it; without one, code that is not seen.
    if (!Shared.hasCallers[Function])
      state.store(place, terms().integer(0));
    return;
  }
  state.store(place, terms().integer(0));
  if (!Shared.finalPass || neverStarted(state, child) || !firstTime({32, Function, std::uint64_t(row), location}))
    return;
  LostChild fact{std::uint32_t(row), Function, location, {}};
  fact.holders.assign(holders.begin(), holders.end());
  Shared.solution.processes.lost.push_back(std::move(fact));
}

/// Whether the path knows that starting this child failed.
bool FunctionExecutor::neverStarted(State &state, TermId child) {
  if (state.decide(terms(), terms().binary(ir::Operator::Less, child, terms().integer(0))).value_or(false) ||
      !state.decide(terms(), terms().binary(ir::Operator::NotEqual, child, terms().integer(0))).value_or(true))
    return true;
  TermId started = state.stored(childFact(child, "$started"));
  return started && !state.decide(terms(), started).value_or(true);
}

/// Where the child's name is kept beyond this function. \returns whether a place
/// is known only to a caller (`*out`); fields and variables go to `holders`.
bool FunctionExecutor::keepsElsewhere(State &state, TermId child, llvm::SmallVectorImpl<std::uint64_t> &holders) {
  bool elsewhere = false;
  for (auto [place, value] : state.entries()) {
    if (value != child || !terms().isPlace(place) || terms()[place].kind == TermKind::Local)
      continue;
    if (std::uint64_t holder = childHolder(terms(), place))
      holders.push_back(holder);
    else
      elsewhere = true;
  }
  return elsewhere && holders.empty();
}

//===----------------------------------------------------------------------===//
// Between fork and exec
//===----------------------------------------------------------------------===//

/// The fork whose child this path is, until it tries to exec; 0: none.
std::uint32_t FunctionExecutor::forkedFrom(const State &state) {
  TermId forked = state.stored(processFact("@forked"));
  TermId execed = state.stored(processFact("@execed"));
  bool isChild = forked && terms()[forked].kind == TermKind::Integer && terms()[forked].number > 0;
  return isChild && execed && terms().isInteger(execed, 0) ? std::uint32_t(terms()[forked].number) : 0;
}

bool FunctionExecutor::hasExeced(const State &state) {
  TermId execed = state.stored(processFact("@execed"));
  return execed && !terms().isInteger(execed, 0);
}

void FunctionExecutor::noteForkAct(const State &state, ir::Index location, std::string_view what,
                                   std::string_view callee) {
  std::uint32_t fork = Shared.finalPass ? forkedFrom(state) : 0;
  if (fork && firstTime({33, fork, Function, location}))
    Shared.solution.processes.acts.push_back({fork, Function, location, std::string(what), std::string(callee)});
}

void FunctionExecutor::noteForkCall(const State &state, link::FunctionId callee, ir::Index location) {
  std::uint32_t fork = Shared.finalPass ? forkedFrom(state) : 0;
  if (fork && firstTime({34, fork, Function, location, callee}))
    Shared.solution.processes.calls.push_back({fork, Function, location, callee});
}

} // namespace gridlock::solve
