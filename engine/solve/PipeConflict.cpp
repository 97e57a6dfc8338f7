//===- PipeConflict.cpp - Orders of events that block -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The problem. A pipe holds a bounded amount; a child that writes more blocks
// until somebody reads, and a reader blocks until data or the last writer's close
// comes. Whether parent and child wait for each other is a matter of the order of
// the parent's acts and of who holds which end at that time.
//
// The algorithm. Each history of a function is played from the start (PathPlayer):
// the parent's descriptors are a table from values to ends of pipes; a fork copies
// the table and plays the child's own history on the copy until exec, which leaves
// what the child has wired where and what it keeps by accident. Of a child with
// several ways, what all of them share counts. Blocking acts are then judged where
// they stand, with a look ahead for the read that comes too late.
//
// A conflict is told in the innermost function that sees all of it: the common
// beginning of its steps' call chains is cut off, and equal ones are kept once.
//
// Rules of this file: what is not known (escapes, polls of unknown sets, values
// that may be anything) makes a pipe `served`: nothing is said of it.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/PipePlayer.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

//===----------------------------------------------------------------------===//
// Conflicts
//===----------------------------------------------------------------------===//

PipeConflict PipePlayer::make(PipeConflictKind kind, unsigned pipe, const DescriptorEvent &first) const {
  PipeConflict conflict;
  conflict.kind = kind;
  conflict.function = Function;
  conflict.created = Pipes[pipe].created;
  conflict.byLibrary = Pipes[pipe].byLibrary;
  conflict.first = first.step;
  return conflict;
}

/// The first event after `from` at which this process reads the pipe.
const DescriptorEvent *PipePlayer::laterRead(std::size_t from, unsigned pipe, bool orThread) {
  for (std::size_t i = from + 1; i < Events.size(); ++i) {
    if (Events[i].act != DescriptorAct::Read || (Events[i].thread && !orThread))
      continue;
    if (const Handle *handle = Own.find(Events[i].a); handle && handle->pipe == pipe && !handle->isWrite)
      return &Events[i];
  }
  return nullptr;
}

bool PipePlayer::hasOtherReader(unsigned pipe, const Child &writer) const {
  return llvm::any_of(Children, [&](const Child &child) {
    return child.name != writer.name && llvm::any_of(child.wires, [&](const auto &wire) {
             return wire.second.pipe == pipe && !wire.second.isWrite;
           });
  });
}

/// A wait for children: do they write to pipes that nobody empties?
void PipePlayer::judgeWait(std::size_t index, TermId name, bool isJoin) {
  const DescriptorEvent &event = Events[index];
  bool tests = event.flags & EventReturnsAtOnce;
  bool canEnd = false; // some child that may be waited for can end
  std::vector<PipeConflict> found;
  for (Child &child : Children) {
    if (child.isWaited || (name && child.name != name))
      continue;
    std::size_t before = found.size();
    if (!child.isKilled && !(event.flags & EventDrains)) {
      for (const auto &entry : child.wires) {
        const Wire &wire = entry.second;
        PipeState &pipe = Pipes[wire.pipe];
        bool counts = writesTo(entry) && !pipe.isServed && !pipe.isRead && Own.isOpen(wire.pipe, false) &&
                      !hasOtherReader(wire.pipe, child);
        if (!counts)
          continue;
        const DescriptorEvent *read = laterRead(index, wire.pipe, false);
        if (tests && llvm::any_of(Reads, [&](const DescriptorEvent &other) { return shareLoop(event, other); }))
          continue;
        if (tests && !inAnyLoop(event))
          continue;
        PipeConflict conflict = make(PipeConflictKind::WaitBeforeDrain, wire.pipe, event);
        conflict.child = child.started;
        conflict.wired = wire.step;
        conflict.polls = tests;
        conflict.joins = isJoin;
        if (read) {
          conflict.second = read->step;
        } else if (escapes(wire.pipe)) {
          if (HasCallers)
            continue; // a caller may read it: it knows better
        } else if (const DescriptorEvent *byThread = laterRead(index, wire.pipe, true)) {
          if (isJoin || tests)
            continue;
          conflict.second = byThread->step; // a thread that is started too late
        } else {
          conflict.kind = PipeConflictKind::Unread;
        }
        found.push_back(conflict);
      }
      judgeInput(index, child);
    }
    canEnd |= found.size() == before;
  }
  if (name || !canEnd)
    Found.insert(Found.end(), found.begin(), found.end());
  for (Child &child : Children)
    if (name ? child.name == name : true) {
      if (event.flags & EventDrains)
        for (const auto &[number, wire] : child.wires)
          Pipes[wire.pipe].isServed = true;
      if (!tests || inAnyLoop(event))
        child.isWaited = true;
    }
}

bool PipePlayer::inAnyLoop(const DescriptorEvent &event) const {
  return llvm::any_of(chainOf(S, event.step), [&](const Step &step) { return inLoop(S, step, nullptr); });
}

/// A wait for a child that reads a pipe: is there an end too many?
void PipePlayer::judgeInput(std::size_t index, const Child &child) {
  const DescriptorEvent &event = Events[index];
  if (event.flags & (EventReturnsAtOnce | EventIsBounded))
    return;
  for (const auto &[number, wire] : child.wires) {
    PipeState &pipe = Pipes[wire.pipe];
    if (pipe.isServed || pipe.isDuplex || pipe.byLibrary || !child.execs)
      continue;
    auto report = [&](EndHolder holder, StepId other) {
      PipeConflict conflict = make(PipeConflictKind::EndLeftOpen, wire.pipe, event);
      conflict.holder = holder;
      conflict.isOfCopy = !Own.isOriginalOpen(wire.pipe, true);
      conflict.child = holder == EndHolder::Sibling ? other : child.started;
      conflict.wired = wire.step;
      Found.push_back(conflict);
    };
    if (!wire.isWrite && number == 0) {
      if (llvm::is_contained(child.keeps, std::pair(wire.pipe, true)))
        report(EndHolder::Reader, 0);
      else if (Own.isOpen(wire.pipe, true) && !pipe.isWritten)
        report(EndHolder::Parent, 0);
      else if (const Child *other = siblingThatKeeps(wire.pipe, child.name))
        report(EndHolder::Sibling, other->started);
    } else if (wire.isWrite && Own.isOpen(wire.pipe, false) && !pipe.isRead && hasOtherReader(wire.pipe, child) &&
               !laterRead(index, wire.pipe, true)) {
      report(EndHolder::ParentRead, 0);
    }
  }
}

/// Another child that inherited the write end, runs on, and waits for the end of
/// an input that this process has not given it yet.
const Child *PipePlayer::siblingThatKeeps(unsigned pipe, TermId reader) const {
  for (const Child &child : Children) {
    if (child.name == reader || child.isWaited || child.isKilled || !child.execs ||
        !llvm::is_contained(child.keeps, std::pair(pipe, true)))
      continue;
    bool isIntended =
        llvm::any_of(child.wires, [&](const auto &wire) { return wire.second.pipe == pipe && wire.second.isWrite; });
    bool waitsForInput = llvm::any_of(child.wires, [&](const auto &wire) {
      return wire.first == 0 && !wire.second.isWrite && wire.second.pipe != pipe && Own.isOpen(wire.second.pipe, true);
    });
    if (!isIntended && waitsForInput)
      return &child;
  }
  return nullptr;
}

void PipePlayer::judgeRead(std::size_t index, unsigned number) {
  const DescriptorEvent &event = Events[index];
  PipeState &pipe = Pipes[number];
  const Handle *handle = Own.find(event.a);
  if (!pipe.isDuplex)
    for (const Child &child : Children)
      for (const auto &[target, wire] : child.wires)
        if (wire.pipe == number && !wire.isWrite && child.execs && !child.isWaited && !child.isKilled &&
            !pipe.isServed && !pipe.isRead) {
          PipeConflict conflict = make(PipeConflictKind::TwoReaders, number, event);
          conflict.child = child.started;
          conflict.first = child.started;
          conflict.second = event.step;
          Found.push_back(conflict);
        }
  if (pipe.isServed || handle->isNonBlocking || pipe.isDuplex)
    return;
  for (const Child &child : Children) {
    bool writes =
        llvm::any_of(child.wires, [&](const auto &wire) { return wire.second.pipe == number && wire.second.isWrite; });
    if (!writes || child.isKilled)
      continue;
    if (!pipe.byLibrary && !pipe.isPolled && !pipe.isWritten && readsToEnd(event, pipe.createdBy)) {
      EndHolder holder = EndHolder::None;
      const Child *other = nullptr;
      if (Own.isOpen(number, true))
        holder = EndHolder::Parent;
      else if ((other = siblingThatKeeps(number, child.name)))
        holder = EndHolder::Sibling;
      if (holder != EndHolder::None) {
        PipeConflict conflict = make(PipeConflictKind::EndLeftOpen, number, event);
        conflict.holder = holder;
        conflict.isOfCopy = !Own.isOriginalOpen(number, true);
        conflict.child = other ? other->started : child.started;
        conflict.blocksInRead = true;
        Found.push_back(conflict);
      }
    }
    if (child.isWaited)
      continue;
    for (const auto &[target, wire] : child.wires) {
      PipeState &other = Pipes[wire.pipe];
      if (!wire.isWrite || wire.pipe == number || other.isServed || other.isRead || other.isDuplex ||
          !Own.isOpen(wire.pipe, false) || hasOtherReader(wire.pipe, child))
        continue;
      const DescriptorEvent *read = laterRead(index, wire.pipe, false);
      if (!read || !readsToEnd(event, *read))
        continue;
      PipeConflict conflict = make(PipeConflictKind::SequentialDrain, number, event);
      conflict.otherCreated = other.created;
      conflict.child = child.started;
      conflict.second = read->step;
      Found.push_back(conflict);
    }
  }
}

void PipePlayer::judgeWrite(std::size_t index, unsigned number) {
  const DescriptorEvent &event = Events[index];
  PipeState &pipe = Pipes[number];
  if (pipe.isServed || Own.find(event.a)->isNonBlocking)
    return;
  for (const Child &child : Children) {
    bool reads =
        llvm::any_of(child.wires, [&](const auto &wire) { return wire.second.pipe == number && readsFrom(wire); });
    if (!reads || !child.execs || child.isWaited || child.isKilled)
      continue;
    for (const auto &entry : child.wires) {
      const Wire &wire = entry.second;
      PipeState &output = Pipes[wire.pipe];
      bool isSame = wire.pipe == number && !pipe.isDuplex;
      if (!writesTo(entry) || isSame || output.isServed || output.isRead || !Own.isOpen(wire.pipe, false) ||
          hasOtherReader(wire.pipe, child))
        continue;
      // A thread that reads would have served the pipe by now, had it been started.
      const DescriptorEvent *read = laterRead(index, wire.pipe, true);
      if (!read || shareLoop(event, *read))
        continue;
      const Term &size = S.terms[event.b];
      bool isShort = event.flags & EventIsShort;
      if (event.b && size.kind == TermKind::Integer)
        isShort = size.number >= 0 && size.number <= 4096;
      if (isShort && !repeats(event, *read))
        continue;
      PipeConflict conflict = make(PipeConflictKind::WriteBeforeDrain, number, event);
      conflict.otherCreated = output.created;
      conflict.child = child.started;
      conflict.second = read->step;
      Found.push_back(conflict);
      return;
    }
  }
}

/// Two programs read one pipe.
void PipePlayer::judgeChild(std::size_t index) {
  const Child &newest = Children.back();
  for (const auto &[number, wire] : newest.wires) {
    if (wire.isWrite || number != 0 || Pipes[wire.pipe].isDuplex || !newest.execs)
      continue;
    for (const Child &child : Children) {
      bool reads = llvm::any_of(child.wires, [&, pipe = wire.pipe](const auto &other) {
        return other.first == 0 && other.second.pipe == pipe && !other.second.isWrite;
      });
      if (&child == &newest || !reads || child.isWaited || child.isKilled || !child.execs)
        continue;
      PipeConflict conflict = make(PipeConflictKind::TwoReaders, wire.pipe, Events[index]);
      conflict.child = child.started;
      conflict.first = child.started;
      conflict.second = newest.started;
      Found.push_back(conflict);
    }
  }
}

/// An output pipe that every child inherits which any thread starts before this
/// one has closed the write end.
void PipePlayer::judgeInheritance(std::size_t index) {
  const Child &child = Children.back();
  if (!child.execs)
    return;
  for (const auto &[number, wire] : child.wires) {
    const PipeState &pipe = Pipes[wire.pipe];
    if (!wire.isWrite || pipe.byLibrary || pipe.isDuplex)
      continue;
    bool isInherited = llvm::any_of(Own.handles, [&, of = wire.pipe](const auto &entry) {
      const Handle &handle = entry.second;
      return handle.pipe == of && handle.isWrite && handle.isOpen && !handle.isCopy && !handle.closesOnExec;
    });
    const DescriptorEvent *read = isInherited ? laterRead(index, wire.pipe, true) : nullptr;
    if (!read || !readsToEnd(*read, pipe.createdBy))
      continue;
    PipeConflict conflict = make(PipeConflictKind::EndLeftOpen, wire.pipe, *read);
    conflict.holder = EndHolder::None; // nobody on this path: the rule asks who else may
    conflict.child = child.started;
    conflict.wired = wire.step;
    conflict.blocksInRead = true;
    Found.push_back(conflict);
  }
}

//===----------------------------------------------------------------------===//
// A function's conflicts
//===----------------------------------------------------------------------===//

static bool sameCreation(const Solution &solution, const PipeConflict &a, const PipeConflict &b) {
  return a.created == b.created ||
         llvm::equal(chainOf(solution, a.created), chainOf(solution, b.created),
                     [](const Step &x, const Step &y) { return x.function == y.function && x.location == y.location; });
}

/// Cuts off the calls that all steps share: the conflict is the callee's.
static std::uint64_t strip(Solution &solution, PipeConflict &conflict) {
  llvm::SmallVector<StepId *, 6> steps;
  for (StepId *step :
       {&conflict.created, &conflict.otherCreated, &conflict.child, &conflict.wired, &conflict.first, &conflict.second})
    if (*step)
      steps.push_back(step);
  auto sameTop = [&] {
    const Step top = solution.steps[*steps.front()];
    return llvm::all_of(steps, [&](StepId *step) {
      const Step &other = solution.steps[*step];
      return other.inner && other.function == top.function && other.location == top.location;
    });
  };
  while (sameTop())
    for (StepId *step : steps)
      *step = solution.steps[*step].inner;
  conflict.function = solution.steps[*steps.front()].function;
  std::uint64_t key =
      llvm::hash_combine(unsigned(conflict.kind), conflict.holder == EndHolder::None, conflict.function);
  bool onePerPipe = conflict.kind == PipeConflictKind::Unread || conflict.kind == PipeConflictKind::EndLeftOpen ||
                    conflict.kind == PipeConflictKind::TwoReaders;
  auto add = [&](StepId step) {
    for (const Step &part : chainOf(solution, step))
      key = llvm::hash_combine(key, part.function, part.location);
  };
  add(conflict.created);
  if (!onePerPipe)
    add(conflict.first);
  if (conflict.kind == PipeConflictKind::SequentialDrain)
    add(conflict.second);
  return key;
}

/// Whether the arguments decide that this way is taken.
static bool dependsOnArguments(const Solution &solution, const Outcome &outcome) {
  return llvm::any_of(outcome.conditions, [&](const Fact &fact) {
    const Term &term = solution.terms[fact.term];
    return term.mentionsFormal && (fact.low != INT64_MIN || fact.high != INT64_MAX || fact.nonZero);
  });
}

void findPipeConflicts(Solution &solution, link::FunctionId function, ProcedureSummary &summary, bool hasCallers) {
  std::vector<Completion> completions;
  auto complete = [&](LogId log, bool byExec) {
    std::vector<DescriptorEvent> events = solution.logs.events(log);
    for (std::size_t i = events.size(); i-- > 0;)
      if (events[i].act == DescriptorAct::InChild) {
        Completion way;
        way.child = events[i].c;
        way.byExec = byExec;
        way.begin = events[i];
        for (std::size_t j = 0; j < i; ++j)
          if (events[j].act == DescriptorAct::Pipe)
            way.pipes.push_back(events[j].a);
        way.events.assign(events.begin() + std::ptrdiff_t(i) + 1, events.end());
        completions.push_back(std::move(way));
        break;
      }
  };
  for (const Ending &ending : summary.endings)
    complete(ending.log, ending.byExec);
  for (const Outcome &outcome : summary.outcomes)
    if (!hasCallers)
      complete(outcome.log, false);

  // What the function reads on any path.
  std::vector<DescriptorEvent> reads;
  for (const Outcome &outcome : summary.outcomes)
    for (const DescriptorEvent &event : solution.logs.events(outcome.log))
      if (event.act == DescriptorAct::Read && !event.thread)
        reads.push_back(event);

  std::vector<std::pair<PipeConflict, Outcome *>> found;
  auto play = [&](LogId log, Outcome *outcome) {
    if (!(log & DescriptorLogs::makes))
      return;
    PipePlayer player(solution, function, hasCallers, solution.logs.events(log), completions, reads, outcome);
    if (player.isOfChild())
      return;
    player.play();
    for (const PipeConflict &conflict : player.Found) {
      // Where ways were united, whether a pipe was wanted at all is not known for
      // certain: only what the path itself goes on to read counts.
      bool needsPipe = conflict.kind == PipeConflictKind::Unread ||
                       (conflict.kind == PipeConflictKind::EndLeftOpen && !conflict.blocksInRead);
      // So it is with which round of a loop has which pipe; of ways that end the
      // program it is not told whether they were united.
      bool needsRound = conflict.kind == PipeConflictKind::TwoReaders && conflict.first == conflict.second;
      bool isUnited = outcome && outcome->lossy;
      if (!(needsPipe && isUnited) && !(needsRound && (isUnited || !outcome)))
        found.push_back({conflict, outcome});
    }
  };
  for (Outcome &outcome : summary.outcomes)
    play(outcome.log, &outcome);
  for (Outcome &outcome : summary.unwinds)
    play(outcome.log, &outcome);
  for (const Ending &ending : summary.endings)
    play(ending.log, nullptr);

  std::vector<std::uint64_t> keys;
  for (auto &[conflict, outcome] : found)
    keys.push_back(strip(solution, conflict));
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto &[conflict, outcome] = found[i];
    // A pipe that some path reads after the wait is read too late, not never.
    bool isReadLate = conflict.kind == PipeConflictKind::Unread && llvm::any_of(found, [&](const auto &other) {
                        return other.first.kind == PipeConflictKind::WaitBeforeDrain &&
                               sameCreation(solution, other.first, found[i].first);
                      });
    if (isReadLate)
      continue;
    auto [entry, isNew] = solution.pipeConflictIndex.try_emplace(keys[i], std::uint32_t(solution.pipeConflicts.size()));
    if (isNew)
      solution.pipeConflicts.push_back(conflict);
    if (hasCallers && outcome && dependsOnArguments(solution, *outcome))
      outcome->pipeConflicts.push_back(entry->second);
    else
      solution.pipeConflicts[entry->second].isConfirmed = true;
  }
}

} // namespace gridlock::solve
