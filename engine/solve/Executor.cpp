//===- Executor.cpp - Blocks, paths and exits of one function ---*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The problem. Whether a lock is held at a point depends on the path: on a flag
// tested twice, on the result of a try-lock, on an error code. Merging all paths
// loses that; keeping all of them explodes.
//
// The algorithm. Property simulation (ESP: Das, Lerner, Seigle, PLDI 2002):
// states whose lock vectors differ are never merged; states with equal vectors
// are kept apart only up to a small limit, then merged: facts are intersected
// and values that differ become an opaque "merge" value. Blocks run in reverse
// post-order, so a join sees all its forward predecessors before it runs.
//
// Loops. At a loop head every variable that the loop updates from its own old
// value gets a fresh "loop" value; locks that were named by the previous round's
// value are renamed to an "aged" one, so that the next round's object is another
// object. A head runs again only for states that it has not seen, up to a
// limit. Exceptions follow the unwind blocks that lowering laid out, but only
// from calls that may throw.
//
// Rules of this file: no name of a library function, no verdicts; what is wrong
// is decided by rules. Every budget that is used up sets `lossy`.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "engine/solve/BodyGraph.h"
#include "engine/solve/LogComparison.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace gridlock::solve {

/// States that one block keeps for different lock vectors.
static constexpr unsigned lockVectorLimit = 12;
/// ... of rounds that are widened
static constexpr unsigned widenedLimit = 3;
/// ... and for different histories of pipes and children.
static constexpr unsigned historyLimit = 36;
/// From so many on, histories with the same pipes are united.
static constexpr unsigned manyHistories = 12;
static constexpr unsigned historiesOfOneKind = 2;
/// Block runs for each block of the function, on average.
static constexpr unsigned runsPerBlock = 16;
static constexpr unsigned widenedRunsPerBlock = 8;

FunctionExecutor::FunctionExecutor(Engine &engine, link::FunctionId function)
    : Shared(engine), Program(engine.program), Function(function),
      UnitNumber(engine.program.function(function).row.unit), Link(engine.program.link(UnitNumber)), Unit(*Link.unit),
      Body(engine.program.body(function)), Splits(engine.interesting[function] || isPredicate(Unit, Body)),
      StateLimit(Splits ? 4 : 1) {}

//===----------------------------------------------------------------------===//
// Preparation
//===----------------------------------------------------------------------===//

void FunctionExecutor::prepareBlocks() {
  for (std::uint32_t i = 0; i < Body.blocks.count; ++i) {
    ir::Index row = Unit.lists[Body.blocks.first + i];
    BlockNumbers[row] = unsigned(Blocks.size());
    Blocks.push_back(&Unit.blocks[row]);
  }
  Successors.resize(Blocks.size());
  for (unsigned b = 0; b < Blocks.size(); ++b) {
    const ir::Block &block = *Blocks[b];
    auto add = [&](ir::Index row) {
      if (row && BlockNumbers.count(row) && !llvm::is_contained(Successors[b], blockNumber(row)))
        Successors[b].push_back(blockNumber(row));
    };
    for (std::uint32_t i = 0; i < block.successors.count; ++i)
      add(Unit.lists[block.successors.first + i]);
    for (std::uint32_t e = 0; e < block.eventCount; ++e) {
      const ir::Event &event = Unit.events[block.firstEvent + e];
      if (event.kind == ir::EventKind::Call)
        add(Unit.calls[event.a].unwind);
    }
  }

  auto backEdges = numberBlocks();
  for (auto [tail, head] : backEdges)
    findLoop(head, tail);
  // A loop's body comes before what follows the loop, so that this sees all
  // rounds: ways out are numbered first, that is last.
  if (!Loops.empty()) {
    for (unsigned b = 0; b < Blocks.size(); ++b)
      llvm::stable_sort(Successors[b], [&](unsigned x, unsigned y) { return loopsLeft(b, x) > loopsLeft(b, y); });
    numberBlocks();
  }
  Pending.resize(Blocks.size());
  Queued.assign(Blocks.size(), false);
  Budget = unsigned(Blocks.size()) * runsPerBlock * (Shared.makesPipes[Function] ? 3 : 1) + 400;
  WidenedBudget = unsigned(Blocks.size()) * widenedRunsPerBlock + 100;
}

/// How many loops an edge leaves.
unsigned FunctionExecutor::loopsLeft(unsigned from, unsigned to) const {
  return unsigned(
      llvm::count_if(Loops, [&](const auto &entry) { return entry.second.inside[from] && !entry.second.inside[to]; }));
}

/// Numbers the blocks in reverse post-order. \returns the edges that close
/// loops: to a block that is still open.
std::vector<std::pair<unsigned, unsigned>> FunctionExecutor::numberBlocks() {
  Order.assign(Blocks.size(), 0);
  std::vector<std::uint8_t> color(Blocks.size(), 0);
  std::vector<std::pair<unsigned, unsigned>> stack{{0, 0}};
  std::vector<std::pair<unsigned, unsigned>> backEdges;
  unsigned number = unsigned(Blocks.size());
  color[0] = 1;
  while (!stack.empty()) {
    auto &[block, next] = stack.back();
    if (next < Successors[block].size()) {
      unsigned successor = Successors[block][next++];
      if (color[successor] == 0) {
        color[successor] = 1;
        stack.push_back({successor, 0});
      } else if (color[successor] == 1) {
        backEdges.push_back({block, successor});
      }
      continue;
    }
    color[block] = 2;
    Order[block] = --number;
    stack.pop_back();
  }
  return backEdges;
}

/// Whether a value is computed from the old value of the variable.
static bool dependsOn(const ir::Unit &unit, ir::Index expr, ir::Index variable, unsigned depth) {
  const ir::Expr &e = unit.exprs[expr];
  if (!expr || depth > 12)
    return false;
  switch (e.kind) {
  case ir::ExprKind::Local:
    return e.a == variable;
  case ir::ExprKind::Load:
  case ir::ExprKind::AddressOf:
  case ir::ExprKind::Unary:
  case ir::ExprKind::Deref:
  case ir::ExprKind::Field:
    return dependsOn(unit, e.a, variable, depth + 1);
  case ir::ExprKind::Binary:
  case ir::ExprKind::Index:
    return dependsOn(unit, e.a, variable, depth + 1) || dependsOn(unit, e.b, variable, depth + 1);
  default:
    return false;
  }
}

void FunctionExecutor::findLoop(unsigned head, unsigned tail) {
  std::vector<llvm::SmallVector<unsigned, 4>> predecessors(Blocks.size());
  for (unsigned b = 0; b < Blocks.size(); ++b)
    for (unsigned s : Successors[b])
      predecessors[s].push_back(b);
  std::vector<bool> inside(Blocks.size(), false);
  std::vector<unsigned> work{tail};
  inside[head] = true;
  while (!work.empty()) {
    unsigned b = work.back();
    work.pop_back();
    if (inside[b])
      continue;
    inside[b] = true;
    for (unsigned p : predecessors[b])
      work.push_back(p);
  }
  Loop &loop = Loops[head];
  loop.inside.resize(Blocks.size());
  for (unsigned b = 0; b < Blocks.size(); ++b)
    loop.inside[b] = loop.inside[b] || inside[b];
  for (unsigned b = 0; b < Blocks.size(); ++b) {
    if (!inside[b])
      continue;
    for (std::uint32_t e = 0; e < Blocks[b]->eventCount; ++e) {
      const ir::Event &event = Unit.events[Blocks[b]->firstEvent + e];
      if (event.kind == ir::EventKind::Call) {
        LoopCalls.insert(event.a);
        loop.collects |= mayCollect(Link.functions[Unit.calls[event.a].callee]);
        const ir::Call &call = Unit.calls[event.a];
        loop.calls.insert(locationOf(Unit, event));
        loop.touches = loop.touches || touchesDescriptors(call);
        const model::FunctionModel *model = Program.function(Link.functions[Unit.calls[event.a].callee]).model;
        loop.joins |= model && model->effect(model::EffectKind::Joins);
      }
      if (event.kind != ir::EventKind::Assign || Unit.exprs[event.a].kind != ir::ExprKind::Local)
        continue;
      ir::Index variable = Unit.exprs[event.a].a;
      loop.assigned.insert(variable);
      bool changes = (event.flags & ir::AssignIsUpdate) || dependsOn(Unit, event.b, variable, 0);
      if (changes && !llvm::is_contained(loop.updated, variable))
        loop.updated.push_back(variable);
    }
  }
}

State FunctionExecutor::entryState() {
  State state;
  unsigned offset = 0;
  for (std::uint32_t i = 0; i < Body.variables.count; ++i) {
    ir::Index row = Unit.lists[Body.variables.first + i];
    const ir::Variable &variable = Unit.variables[row];
    if (variable.kind == ir::VariableKind::This) {
      offset = 1;
      state.store(terms().local(Function, row), terms().formal(0));
    } else if (variable.kind == ir::VariableKind::Parameter && Unit.types[variable.type].kind != ir::TypeKind::Record) {
      state.store(terms().local(Function, row), terms().formal(variable.position + offset));
    }
  }
  // An assignment of an object to itself does nothing; its path would only blur
  // what the other one does.
  if ((Body.flags & ir::FunctionIsCopyOrMove) && !(Body.flags & ir::FunctionIsConstructor) && offset)
    state.assume(terms(), terms().binary(ir::Operator::NotEqual, terms().formal(0), terms().formal(1)), true);
  takeEntryLocks(state);
  return state;
}

//===----------------------------------------------------------------------===//
// The work list
//===----------------------------------------------------------------------===//

void FunctionExecutor::run() {
  prepareBlocks();
  findLockBranches();
  push(0, entryState(), false);
  while (!Work.empty()) {
    auto [key, block] = Work.top();
    Work.pop();
    if (key % 2) {
      runPutOff(block);
      continue;
    }
    Queued[block] = false;
    processBlock(block);
  }
  summarize();
}

static bool makesPipes(const State &state) { return state.log & DescriptorLogs::makes; }

void FunctionExecutor::push(unsigned block, State state, bool backEdge) {
  if (Loops.count(block))
    enterLoop(block, state, backEdge);
  PendingBlock &pending = Pending[block];
  auto enqueue = [&] {
    if (!Queued[block])
      Work.push({2 * Order[block], block});
    Queued[block] = true;
  };
  // Same locks: keep a few apart, then merge into the one that knows most of
  // the same, so that what a lock depends on survives.
  unsigned same = 0, most = 0;
  State *closest = nullptr;
  const bool isWidened = state.widened;
  if (isWidened && isFollowed(pending, state))
    return;
  auto inLane = [&](const State &other) { return other.widened == isWidened; };
  auto histories = std::size_t(
      llvm::count_if(pending.states, [&](const State &other) { return inLane(other) && makesPipes(other); }));
  if (makesPipes(state) && histories >= manyHistories) {
    // Few of those that have the same pipes stand for all.
    unsigned alike = 0;
    for (State &other : pending.states)
      if (differInDetailsOnly(terms(), Shared.solution.logs, other, state) && ++alike == historiesOfOneKind) {
        mergeInto(other, state, site(1, block));
        return enqueue();
      }
    if (histories >= historyLimit)
      state.log = DescriptorLogs::unknown;
  }
  for (State &other : pending.states) {
    if (!other.sameLocks(state))
      continue;
    if (other.equals(state)) {
      other.mergeHandOver(state);
      return;
    }
    ++same;
    unsigned common = StateLimit > 1 ? likeness(other, state) : 0;
    if (!closest || common >= most) {
      closest = &other;
      most = common;
    }
  }
  if (same >= StateLimit) {
    mergeInto(*closest, state, site(1, block));
  } else if (std::size_t(llvm::count_if(pending.states, inLane)) <
             (isWidened ? widenedLimit : lockVectorLimit + histories)) {
    pending.states.push_back(std::move(state));
  } else if (!isWidened) {
    for (State &other : pending.states)
      other.lossy = true;
  }
  enqueue();
}

void FunctionExecutor::processBlock(unsigned block) {
  CurrentBlock = block;
  llvm::SmallVector<State, 2> states = std::move(Pending[block].states);
  Pending[block].states.clear();
  bool isHead = Loops.count(block);
  for (State &state : states) {
    if (state.skippedLoop && !settleSkippedLoop(state, states))
      continue;
    if (!takesTurn(state))
      continue;
    if (isHead && !startsRound(block, state))
      continue;
    runEvents(block, std::move(state));
  }
}

/// Ways through one block that are followed apart.
static constexpr unsigned forkLimit = 200;

void FunctionExecutor::runEvents(unsigned block, State first) {
  const ir::Block &code = *Blocks[block];
  llvm::SmallVector<std::pair<State, std::uint32_t>, 2> stack;
  stack.push_back({std::move(first), 0});
  unsigned forks = 0;
  while (!stack.empty()) {
    auto [state, next] = std::move(stack.back());
    stack.pop_back();
    bool ended = false;
    for (; next < code.eventCount && !ended; ++next) {
      const ir::Event &event = Unit.events[code.firstEvent + next];
      CurrentLocation = event.location;
      switch (event.kind) {
      case ir::EventKind::Read:
        noteAccess(state, event.a, AccessKind::Read, 0, event.location);
        break;
      case ir::EventKind::Assign:
        if (!Shared.flagLocks.empty() && !(event.flags & ir::AssignIsInitialization))
          storeToFlag(state, event);
        if (Shared.semaphores.hasReaders() && (event.flags & ir::AssignIsUpdate))
          countReaders(state, event);
        if (!(event.flags & ir::AssignIsInitialization))
          noteAccess(state, event.a, event.flags & ir::AssignIsUpdate ? AccessKind::Update : AccessKind::Write, 0,
                     event.location, event.b);
        assign(state, event.a, event.b, event.flags);
        if (!Shared.flagLocks.empty() && Shared.flagLocks.isPartOfLock(entityOf(Link, event.a)))
          forgetFlag(state, event);
        if (!Shared.spinLocks.empty() && Unit.exprs[event.b].kind == ir::ExprKind::IntConst &&
            Unit.exprs[event.b].value == 0)
          clearSpinLock(state, place(state, event.a), event.location);
        if (Unit.exprs[event.a].kind == ir::ExprKind::Local)
          noteAssigned(state, Unit.exprs[event.a].a, event.b);
        break;
      case ir::EventKind::Begin: {
        state.forget(terms(), terms().local(Function, event.a));
        llvm::erase_if(state.rounds, [&](const Round &round) {
          return terms().isPartOf(round.barrier, terms().local(Function, event.a));
        });
        llvm::erase(state.handedOut, terms().local(Function, event.a));
        if (state.region)
          Shared.solution.ofRegions.insert(terms().local(Function, event.a));
        const ir::Variable &variable = Unit.variables[event.a];
        if (variable.flags & (ir::VariableIsDiscardedTemporary | ir::VariableHidesAnother))
          noteDiscarded(event.a, event.location);
        break;
      }
      case ir::EventKind::End:
        noteDeadLock(state, terms().local(Function, event.a), true, event.location);
        noteEscape(state, event.a, event.location);
        state.forget(terms(), terms().local(Function, event.a));
        break;
      case ir::EventKind::ParallelBegin:
        enterRegion(state, event);
        break;
      case ir::EventKind::ParallelEnd:
        leaveRegion(state, event);
        break;
      case ir::EventKind::ParallelOrder:
        orderRegion(event);
        break;
      case ir::EventKind::OnceBegin:
        enterOnce(state, terms().global(Link.globals[event.a]), step(event.location));
        break;
      case ir::EventKind::OnceEnd:
        leaveOnce(state, terms().global(Link.globals[event.a]));
        break;
      case ir::EventKind::Suspend:
        noteSuspension(state, event.location);
        break;
      case ir::EventKind::Call: {
        States after;
        executeCall(std::move(state), event, after);
        ended = true;
        // Forks past the limit merge at the next join anyway: one goes on for all.
        forks += after.empty() ? 0 : unsigned(after.size()) - 1;
        if (forks >= forkLimit && !after.empty()) {
          stack.clear();
          after.resize(1);
        }
        for (State &result : after)
          stack.push_back({std::move(result), next + 1});
        break;
      }
      default:
        break;
      }
    }
    if (!ended)
      finishBlock(block, std::move(state));
  }
}

/// Whether a handle is an element of an array or container, or a part of what an
/// element points to.
static bool leadsThroughMany(const TermTable &terms, TermId handle) {
  for (; handle; handle = terms[handle].a) {
    const Term &term = terms[handle];
    if (term.weak || term.kind == TermKind::Element)
      return true;
    if (term.kind != TermKind::Field && term.kind != TermKind::Deref && term.kind != TermKind::Initial)
      return false;
  }
  return false;
}

/// Whether the thread's handle is in an array or container, perhaps moved there.
bool FunctionExecutor::standsInMany(const State &state, const Alive &thread) const {
  if (!thread.handle)
    return false;
  TermId object = thread.handle;
  while (terms()[object].kind == TermKind::Field)
    object = terms()[object].a;
  const Term &whole = terms()[object];
  return leadsThroughMany(terms(), thread.handle) || llvm::any_of(state.entries(), [&](const auto &entry) {
           const Term &value = terms()[entry.second];
           bool isPointer = (value.kind == TermKind::Address && value.a == object) ||
                            (whole.kind == TermKind::Deref && whole.a == entry.second);
           return (isPointer || (thread.value && entry.second == thread.value)) && terms().isOneOfMany(entry.first);
         });
}

/// Whether one way out of the block ends a loop and another goes on with it.
bool FunctionExecutor::leavesLoop(unsigned block) const {
  return llvm::any_of(Loops, [&](const auto &entry) {
    const std::vector<bool> &inside = entry.second.inside;
    auto stays = [&](unsigned next) { return bool(inside[next]); };
    return inside[block] && llvm::any_of(Successors[block], stays) && !llvm::all_of(Successors[block], stays);
  });
}

/// The term that a fact about a condition is kept under.
static TermId subjectOf(const TermTable &terms, TermId condition) {
  const Term &term = terms[condition];
  bool comparesConstant = term.kind == TermKind::Binary && isTruthValue(terms, condition);
  if (comparesConstant && terms[term.b].kind == TermKind::Integer)
    return term.a;
  if (comparesConstant && terms[term.a].kind == TermKind::Integer)
    return term.b;
  return condition;
}

void FunctionExecutor::finishBlock(unsigned block, State state) {
  const ir::Block &code = *Blocks[block];
  auto successor = [&](std::uint32_t i) { return Unit.lists[code.successors.first + i]; };
  auto go = [&](ir::Index row, State next, bool isOpen = false) {
    if (!row || !BlockNumbers.count(row))
      return;
    unsigned number = blockNumber(row);
    if (auto loop = Loops.find(block); loop != Loops.end() && next.beforeRounds && !loop->second.inside[number])
      next.skippedLoop = block + 1;
    next.beforeRounds = false;
    // A loop over the children or pipes of a container is taken to have a round.
    for (auto &[head, loop] : Loops)
      if (isOpen && loop.inside[block] && !loop.inside[number] && skipsLoop(next, loop))
        next.log = DescriptorLogs::unknown;
    // A loop that joins the threads of a container joins them all, also when
    // this path believes that the container is empty.
    for (auto &[head, loop] : Loops) {
      bool leaves = loop.inside[block] && !loop.inside[number];
      if (loop.collects && leaves)
        collectAll(next);
      if (loop.joins && leaves)
        noteLoopLeft(next);
    }
    push(number, std::move(next), Order[number] <= Order[block]);
  };
  switch (code.terminator) {
  case ir::TerminatorKind::Goto:
    go(successor(0), std::move(state));
    break;
  case ir::TerminatorKind::Branch: {
    TermId condition = value(state, code.value);
    const bool leaves = leavesLoop(block);
    noteDecision(condition, leaves);
    noteTests(state, code.value, condition, leaves, code.location);
    if (GuardsLock[block])
      LockConditions.insert(subjectOf(terms(), condition));
    if (std::optional<bool> known = state.decide(terms(), condition)) {
      go(successor(*known ? 0 : 1), std::move(state));
      break;
    }
    State other = state;
    if (state.assume(terms(), condition, true)) {
      noteObserved(state, condition, leaves);
      go(successor(0), std::move(state), true);
    }
    if (other.assume(terms(), condition, false)) {
      noteObserved(other, condition, leaves);
      go(successor(1), std::move(other), true);
    }
    break;
  }
  case ir::TerminatorKind::Switch: {
    TermId subject = value(state, code.value);
    for (std::uint32_t i = 0; i < code.successors.count; ++i) {
      State next = state;
      if (i < code.cases.count) {
        TermId constant = value(next, Unit.lists[code.cases.first + i]);
        if (!next.assume(terms(), terms().binary(ir::Operator::Equal, subject, constant), true))
          continue;
      } else {
        bool possible = true;
        for (std::uint32_t c = 0; c < code.cases.count && possible; ++c)
          possible = next.assume(
              terms(), terms().binary(ir::Operator::Equal, subject, value(next, Unit.lists[code.cases.first + c])),
              false);
        if (!possible)
          continue;
      }
      go(successor(i), std::move(next));
    }
    break;
  }
  case ir::TerminatorKind::Return:
    Exits.push_back({std::move(state), code.location, false, 0});
    break;
  case ir::TerminatorKind::Throw:
    ThrownAt = state.thrownAt = step(code.location);
    if (code.successors.count && successor(0))
      go(successor(0), std::move(state));
    else
      Exits.push_back({std::move(state), code.location, true, ThrownAt});
    break;
  case ir::TerminatorKind::Resume:
    Exits.push_back({std::move(state), code.location, true, ThrownAt});
    break;
  case ir::TerminatorKind::Catch:
    for (std::uint32_t i = 0; i < code.successors.count; ++i) {
      State next = state;
      if (i + 1 < code.successors.count)
        next.thrownAt = 0;
      go(successor(i), std::move(next));
    }
    break;
  case ir::TerminatorKind::None:
  case ir::TerminatorKind::Unreachable:
    break;
  }
}

} // namespace gridlock::solve
