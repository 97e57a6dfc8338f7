//===- PipePlayer.cpp - Plays a path's descriptor history -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tables of descriptors, what children make of them, and the order of play.
// What is judged at each event stands in PipeConflict.cpp, with the idea of it all.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/PipePlayer.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

//===----------------------------------------------------------------------===//
// Chains of steps and loops
//===----------------------------------------------------------------------===//

llvm::SmallVector<Step, 6> chainOf(const Solution &solution, StepId step) {
  llvm::SmallVector<Step, 6> chain;
  for (; step; step = solution.steps[step].inner)
    chain.push_back(solution.steps[step]);
  return chain;
}

bool inLoop(const Solution &solution, const Step &step, const Step *outside) {
  auto loops = solution.loops.find(step.function);
  if (loops == solution.loops.end())
    return false;
  return llvm::any_of(loops->second, [&](const llvm::DenseSet<ir::Index> &calls) {
    return calls.contains(step.location) && !(outside && calls.contains(outside->location));
  });
}

bool PipePlayer::repeats(const DescriptorEvent &event, const DescriptorEvent &other) const {
  auto mine = chainOf(S, event.step), theirs = chainOf(S, other.step);
  std::size_t level = 0;
  while (level < mine.size() && level < theirs.size() && mine[level].function == theirs[level].function &&
         mine[level].location == theirs[level].location)
    ++level;
  for (std::size_t i = level; i < mine.size(); ++i) {
    bool isInnermost = i + 1 == mine.size();
    if (isInnermost && (event.flags & EventIsSized) && !isLarge(event))
      continue;
    const Step *outside = i == level && level < theirs.size() ? &theirs[level] : nullptr;
    if (inLoop(S, mine[i], outside))
      return true;
  }
  return false;
}

bool PipePlayer::shareLoop(const DescriptorEvent &event, const DescriptorEvent &other) const {
  auto mine = chainOf(S, event.step), theirs = chainOf(S, other.step);
  for (std::size_t i = 0; i < mine.size() && i < theirs.size() && mine[i].function == theirs[i].function; ++i) {
    auto loops = S.loops.find(mine[i].function);
    if (loops != S.loops.end())
      for (const auto &calls : loops->second)
        if (calls.contains(mine[i].location) && calls.contains(theirs[i].location))
          return true;
    if (mine[i].location != theirs[i].location)
      break;
  }
  return false;
}

bool PipePlayer::isLarge(const DescriptorEvent &event) const {
  const Term &size = S.terms[event.b];
  return event.b && size.kind == TermKind::Integer && size.number >= 1024;
}

/// Reads until there is no more, seen from the place of another event.
bool PipePlayer::readsToEnd(const DescriptorEvent &event, const DescriptorEvent &from) const {
  return (event.flags & EventIsWhole) || repeats(event, from);
}

//===----------------------------------------------------------------------===//
// The table of descriptors
//===----------------------------------------------------------------------===//

Handle *Table::find(TermId value) {
  auto found = handles.find(value);
  return found == handles.end() ? nullptr : &found->second;
}

bool Table::isOriginalOpen(unsigned pipe, bool writeEnd) const {
  return llvm::any_of(handles, [&](const auto &entry) {
    const Handle &handle = entry.second;
    return handle.pipe == pipe && handle.isWrite == writeEnd && handle.isOpen && !handle.isCopy;
  });
}

bool Table::isOpen(unsigned pipe, bool writeEnd) const {
  for (const auto &[value, handle] : handles)
    if (handle.pipe == pipe && handle.isWrite == writeEnd && handle.isOpen)
      return true;
  for (const auto &[number, wire] : standard)
    if (wire.pipe == pipe && wire.isWrite == writeEnd)
      return true;
  return false;
}

/// What an event does to the descriptors of the process that it happens in.
void PipePlayer::apply(Table &table, const DescriptorEvent &event) const {
  switch (event.act) {
  case DescriptorAct::Duplicate:
    if (const Handle *from = table.find(event.a)) {
      Handle copy = *from;
      copy.isOpen = copy.isCopy = true;
      if (!table.free.empty() && !(event.flags & EventClosesOnExec)) {
        table.standard[*table.free.begin()] = {copy.pipe, copy.isWrite, event.step};
        table.free.erase(table.free.begin());
        copy.isOpen = false; // it has a number of its own now
      }
      copy.closesOnExec = event.flags & EventClosesOnExec;
      table.handles[event.b] = copy;
    }
    break;
  case DescriptorAct::Redirect:
  case DescriptorAct::Action: {
    const Term &to = S.terms[event.b];
    if (event.act == DescriptorAct::Action && !event.b) {
      if (Handle *closed = table.find(event.a))
        closed->isOpen = false;
      break;
    }
    Wire wire;
    bool isWired = false;
    if (const Handle *from = event.a ? table.find(event.a) : nullptr) {
      wire = {from->pipe, from->isWrite, event.step};
      isWired = from->isOpen; // a variable may still hold what was closed long ago
    } else if (event.a && S.terms[event.a].kind == TermKind::Integer) {
      auto copied = table.standard.find(S.terms[event.a].number);
      isWired = copied != table.standard.end();
      if (isWired)
        wire = {copied->second.pipe, copied->second.isWrite, event.step};
    }
    if (to.kind != TermKind::Integer) {
      if (Handle *replaced = table.find(event.b); replaced && table.find(event.a))
        *replaced = *table.find(event.a);
      break;
    }
    table.standard.erase(to.number);
    table.free.erase(to.number);
    if (isWired && !(event.flags & (EventIsUnknown | EventClosesOnExec | EventOpens)))
      table.standard[to.number] = wire;
    break;
  }
  case DescriptorAct::Close:
    if (event.flags & EventIsFromHere) {
      for (auto &[value, handle] : table.handles)
        handle.isOpen = false;
    } else if (Handle *closed = table.find(event.a)) {
      closed->isOpen = false;
    } else if (S.terms[event.a].kind == TermKind::Integer && S.terms[event.a].number < 3) {
      table.standard.erase(S.terms[event.a].number);
      table.free.insert(S.terms[event.a].number);
    }
    break;
  case DescriptorAct::Flags:
    if (Handle *changed = table.find(event.a)) {
      bool on = !S.terms.isInteger(event.b, 0);
      (event.flags & EventClosesOnExec ? changed->closesOnExec : changed->isNonBlocking) = on;
    }
    break;
  default:
    break;
  }
}

//===----------------------------------------------------------------------===//
// Children
//===----------------------------------------------------------------------===//

/// What a child's own history makes of the descriptors that it inherits.
bool PipePlayer::playChild(const Completion &way, const Table &inherited, bool isOld, Child &child) const {
  Table table = inherited;
  table.free.clear(); // what this process has closed for good
  auto renamed = [&](TermId value) { return isOld ? S.aged(value) : value; };
  bool execs = way.byExec;
  for (DescriptorEvent event : way.events) {
    event.a = table.find(event.a) ? event.a : table.find(renamed(event.a)) ? renamed(event.a) : event.a;
    if (event.act == DescriptorAct::InChild || event.act == DescriptorAct::Fork ||
        (event.flags & EventIsUnknown && event.act == DescriptorAct::Escape))
      return false; // a child of the child
    bool transfers = event.act == DescriptorAct::Write || event.act == DescriptorAct::Read;
    if (Handle *handle = transfers ? table.find(event.a) : nullptr; handle && !execs) {
      bool isLong = event.act == DescriptorAct::Read || (event.flags & EventIsWhole) || repeats(event, way.begin);
      if (handle->isWrite == (event.act == DescriptorAct::Write) && isLong)
        child.wires.push_back({-1, {handle->pipe, handle->isWrite, event.step}});
    }
    apply(table, event);
  }
  child.execs = execs;
  if (!execs)
    return true;
  for (const auto &[number, wire] : table.standard)
    child.wires.push_back({number, wire});
  for (const auto &[value, handle] : table.handles)
    if (handle.isOpen && !handle.closesOnExec)
      child.keeps.push_back({handle.pipe, handle.isWrite});
  return true;
}

/// The child of a fork: what all its ways have in common.
Child PipePlayer::childOf(const DescriptorEvent &fork, const Table &inherited) const {
  Child child;
  child.name = fork.a;
  child.started = fork.step;
  bool isOld = fork.a != fork.c;
  bool anyExec = false, first = true;
  std::vector<const Completion *> ways;
  for (const Completion &way : Completions)
    if (way.child == fork.c) {
      ways.push_back(&way);
      anyExec |= way.byExec;
    }
  // Of ways that saw the same pipes as the parent, if there are any.
  auto sawSame = [&](const Completion *way) {
    std::size_t known = 0;
    for (TermId pipe : way->pipes)
      known += inherited.handles.count(isOld ? S.aged(pipe) : pipe) || inherited.handles.count(pipe);
    return known == way->pipes.size() && known == Pipes.size();
  };
  if (llvm::any_of(ways, [&](const Completion *way) { return way->byExec == anyExec && sawSame(way); }))
    llvm::erase_if(ways, [&](const Completion *way) { return !sawSame(way); });
  for (const Completion *way : ways) {
    if (anyExec && !way->byExec)
      continue;
    Child one;
    one.name = child.name;
    one.started = child.started;
    if (!playChild(*way, inherited, isOld, one))
      continue;
    if (first || !anyExec) {
      if (first)
        child = one;
      else
        child.wires.append(one.wires.begin(), one.wires.end());
    } else {
      auto lacks = [](const auto &list, const auto &entry, auto same) {
        return llvm::none_of(list, [&](const auto &other) { return same(entry, other); });
      };
      llvm::erase_if(child.wires, [&](const auto &wire) {
        return lacks(one.wires, wire, [](const auto &a, const auto &b) {
          return a.first == b.first && a.second.pipe == b.second.pipe && a.second.isWrite == b.second.isWrite;
        });
      });
      llvm::erase_if(child.keeps, [&](const auto &kept) {
        return lacks(one.keeps, kept, [](const auto &a, const auto &b) { return a == b; });
      });
    }
    first = false;
  }
  return child;
}

/// Of a socket pair, the side that a child is wired to counts as the write end:
/// what this process reads comes from there.
void PipePlayer::takeSides(Child &child) {
  for (unsigned pipe = 0; pipe < Pipes.size(); ++pipe) {
    auto isWired = [&](bool side) {
      return llvm::any_of(child.wires,
                          [&](const auto &wire) { return wire.second.pipe == pipe && wire.second.isWrite == side; });
    };
    if (!Pipes[pipe].isDuplex || !isWired(false) || isWired(true) || !Own.isOpen(pipe, true))
      continue;
    for (auto &[value, handle] : Own.handles)
      if (handle.pipe == pipe)
        handle.isWrite = !handle.isWrite;
    for (auto &[number, wire] : child.wires)
      if (wire.pipe == pipe)
        wire.isWrite = true;
    for (auto &[kept, isWrite] : child.keeps)
      if (kept == pipe)
        isWrite = !isWrite;
  }
}

/// Whether the child reads what comes through the wire.
bool PipePlayer::readsFrom(const std::pair<std::int64_t, Wire> &wire) const {
  return Pipes[wire.second.pipe].isDuplex ? wire.first == 0 && wire.second.isWrite : !wire.second.isWrite;
}

/// Whether the child writes to it.
bool PipePlayer::writesTo(const std::pair<std::int64_t, Wire> &wire) const {
  return wire.second.isWrite && !(Pipes[wire.second.pipe].isDuplex && wire.first == 0);
}

//===----------------------------------------------------------------------===//
// Playing a path
//===----------------------------------------------------------------------===//

bool PipePlayer::escapes(unsigned pipe) const {
  for (const auto &[value, handle] : Own.handles)
    if (handle.pipe == pipe && !handle.isWrite && handle.isOpen && Reachable.contains(value))
      return true;
  return false;
}

void PipePlayer::serveAll() {
  for (PipeState &pipe : Pipes)
    pipe.isServed = true;
}

void PipePlayer::play() {
  // Handles are known from the start for looking ahead; they open in their turn.
  for (std::size_t i = 0; i < Events.size(); ++i) {
    const DescriptorEvent &event = Events[i];
    if (event.act == DescriptorAct::Exec)
      return;
    if ((event.flags & EventIsUnknown) && event.act != DescriptorAct::Redirect) {
      serveAll();
      for (Child &child : Children)
        child.isKilled |= event.act == DescriptorAct::Kill || event.act == DescriptorAct::Escape;
      continue;
    }
    playOne(i);
  }
}

void PipePlayer::playOne(std::size_t i) {
  const DescriptorEvent &event = Events[i];
  Handle *handle = Own.find(event.a);
  switch (event.act) {
  case DescriptorAct::Pipe: {
    PipeState pipe;
    pipe.created = event.step;
    pipe.createdBy = event;
    pipe.isDuplex = event.flags & EventIsDuplex;
    Pipes.push_back(pipe);
    unsigned number = unsigned(Pipes.size() - 1);
    bool closes = event.flags & EventClosesOnExec, nonBlocking = event.flags & EventIsNonBlocking;
    Own.handles[event.a] = {number, false, true, closes, nonBlocking};
    Own.handles[event.b] = {number, true, true, closes, nonBlocking};
    // Copies that the path will make, so that later reads are recognised.
    for (std::size_t j = i + 1; j < Events.size(); ++j)
      if (Events[j].act == DescriptorAct::Duplicate && !Own.find(Events[j].b))
        if (const Handle *from = Own.find(Events[j].a)) {
          Handle copy = *from;
          copy.isOpen = false;
          Own.handles[Events[j].b] = copy;
        }
    break;
  }
  case DescriptorAct::Stream: {
    PipeState pipe;
    pipe.created = event.step;
    pipe.createdBy = event;
    pipe.byLibrary = true;
    Pipes.push_back(pipe);
    unsigned number = unsigned(Pipes.size() - 1);
    bool isOutput = event.flags & EventIsOutput;
    Own.handles[event.a] = {number, !isOutput, true, true, false};
    for (Child &child : Children)
      if (child.name == event.b)
        child.wires.push_back({isOutput ? 1 : 0, {number, isOutput, event.step}});
    break;
  }
  case DescriptorAct::Fork:
    Children.push_back(childOf(event, Own));
    takeSides(Children.back());
    judgeChild(i);
    judgeInheritance(i);
    break;
  case DescriptorAct::Spawn: {
    Child child;
    child.name = event.a;
    child.started = event.step;
    child.execs = true;
    Table table = Own;
    for (std::size_t j = i + 1; j < Events.size(); ++j)
      if (Events[j].act == DescriptorAct::Action && Events[j].c == event.c)
        apply(table, Events[j]);
    for (const auto &[number, wire] : table.standard)
      child.wires.push_back({number, wire});
    for (const auto &[value, kept] : table.handles)
      if (kept.isOpen && !kept.closesOnExec)
        child.keeps.push_back({kept.pipe, kept.isWrite});
    Children.push_back(child);
    takeSides(Children.back());
    judgeChild(i);
    judgeInheritance(i);
    break;
  }
  case DescriptorAct::Read:
    if (!handle)
      break;
    if (event.thread)
      Pipes[handle->pipe].isServed = true;
    else if (!handle->isWrite)
      judgeRead(i, handle->pipe);
    Pipes[handle->pipe].isRead = true;
    break;
  case DescriptorAct::Write:
    if (!handle)
      break;
    if (!event.thread && (handle->isWrite || Pipes[handle->pipe].isDuplex))
      judgeWrite(i, handle->pipe);
    Pipes[handle->pipe].isWritten |= handle->isWrite;
    break;
  case DescriptorAct::Poll:
    if (handle && !(event.flags & EventIsAlone))
      Pipes[handle->pipe].isServed = true;
    else if (handle)
      Pipes[handle->pipe].isPolled = true;
    break;
  case DescriptorAct::Wait:
    if (!event.thread)
      judgeWait(i, event.a, false);
    break;
  case DescriptorAct::Join:
    for (std::size_t j = 0; j < i; ++j)
      if (Events[j].act == DescriptorAct::Wait && Events[j].thread == event.a)
        judgeWait(i, Events[j].a, true);
    break;
  case DescriptorAct::Kill:
  case DescriptorAct::Escape:
    if (handle)
      Pipes[handle->pipe].isServed = true;
    for (Child &child : Children)
      child.isKilled |= child.name == event.a;
    break;
  case DescriptorAct::Redirect:
    if (handle && S.terms[event.b].kind != TermKind::Integer)
      Pipes[handle->pipe].isServed = true;
    apply(Own, event);
    break;
  case DescriptorAct::Action:
    break; // of a spawn, which has applied it
  default:
    apply(Own, event);
    break;
  }
}

} // namespace gridlock::solve
