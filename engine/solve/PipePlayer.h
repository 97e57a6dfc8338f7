//===- PipePlayer.h - Plays a path's descriptor history ---------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The typestate of one path: who holds which end of which pipe, event by event.
/// Private to PipeConflict.cpp and PipePlayer.cpp.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_PIPEPLAYER_H
#define GRIDLOCK_ENGINE_SOLVE_PIPEPLAYER_H

#include "engine/solve/Solution.h"
#include "llvm/ADT/DenseSet.h"
#include <map>
#include <set>

namespace gridlock::solve {

/// A descriptor of a process: one end of a pipe.
struct Handle {
  unsigned pipe = 0;
  bool isWrite = false;
  bool isOpen = true;
  bool closesOnExec = false;
  bool isNonBlocking = false;
  bool isCopy = false; ///< made by `dup`
};

/// An end at a fixed number: 0, 1, 2, or another.
struct Wire {
  unsigned pipe = 0;
  bool isWrite = false;
  StepId step = 0;
};

/// The descriptors of a process.
struct Table {
  std::map<TermId, Handle> handles;
  std::map<std::int64_t, Wire> standard;
  std::set<std::int64_t> free; ///< standard numbers that were closed: the next copy gets the lowest
  Handle *find(TermId value);
  bool isOpen(unsigned pipe, bool writeEnd) const;
  /// Whether the descriptor that `pipe` returned is open, not just a copy of it.
  bool isOriginalOpen(unsigned pipe, bool writeEnd) const;
};

struct PipeState {
  StepId created = 0;
  DescriptorEvent createdBy;
  bool byLibrary = false;
  bool isDuplex = false;
  bool isRead = false;    ///< by this process, a little at least
  bool isWritten = false; ///< by this process
  bool isPolled = false;  ///< alone: its reads have a bound
  bool isServed = false;  ///< by a thread or a poll loop, or by code that is not known
};

/// A child and what it has of this process's pipes.
struct Child {
  TermId name = 0;
  StepId started = 0;
  bool execs = false;
  bool isWaited = false;
  bool isKilled = false;
  /// By number; -1 for ends that its own code reads or writes.
  llvm::SmallVector<std::pair<std::int64_t, Wire>, 3> wires;
  /// Ends that survive its exec, as pipe and `isWrite`.
  llvm::SmallVector<std::pair<unsigned, bool>, 4> keeps;
};

/// One way of a child: from the fork to exec or exit.
struct Completion {
  TermId child = 0;
  bool byExec = false;
  DescriptorEvent begin;
  std::vector<TermId> pipes; ///< made before
  std::vector<DescriptorEvent> events;
};

/// The calls from a step down to its event.
llvm::SmallVector<Step, 6> chainOf(const Solution &solution, StepId step);
/// Whether a loop of the step's function repeats it, but not `outside`.
bool inLoop(const Solution &solution, const Step &step, const Step *outside);

class PipePlayer {
public:
  PipePlayer(Solution &solution, link::FunctionId function, bool hasCallers, std::vector<DescriptorEvent> events,
             const std::vector<Completion> &completions, const std::vector<DescriptorEvent> &reads,
             const Outcome *outcome)
      : S(solution), Function(function), HasCallers(hasCallers), Events(std::move(events)), Completions(completions),
        Reads(reads) {
    if (outcome) {
      Reachable.insert(outcome->result);
      for (auto [place, value] : outcome->writes)
        Reachable.insert(value);
    }
  }
  bool isOfChild() const {
    for (const DescriptorEvent &event : Events)
      if (event.act == DescriptorAct::InChild)
        return true;
    return false;
  }
  void play();
  std::vector<PipeConflict> Found;

private:
  void playOne(std::size_t index);
  void apply(Table &table, const DescriptorEvent &event) const;
  bool playChild(const Completion &way, const Table &inherited, bool isOld, Child &child) const;
  Child childOf(const DescriptorEvent &fork, const Table &inherited) const;
  void takeSides(Child &child);
  bool readsFrom(const std::pair<std::int64_t, Wire> &wire) const;
  bool writesTo(const std::pair<std::int64_t, Wire> &wire) const;
  void judgeWait(std::size_t index, TermId name, bool isJoin);
  void judgeInput(std::size_t index, const Child &child);
  void judgeRead(std::size_t index, unsigned pipe);
  void judgeWrite(std::size_t index, unsigned pipe);
  void judgeChild(std::size_t index);
  void judgeInheritance(std::size_t index);
  void serveAll();
  bool escapes(unsigned pipe) const;
  const DescriptorEvent *laterRead(std::size_t from, unsigned pipe, bool orThread);
  bool hasOtherReader(unsigned pipe, const Child &writer) const;
  const Child *siblingThatKeeps(unsigned pipe, TermId reader) const;
  PipeConflict make(PipeConflictKind kind, unsigned pipe, const DescriptorEvent &first) const;
  /// Whether a loop repeats the event but not the other one.
  bool repeats(const DescriptorEvent &event, const DescriptorEvent &other) const;
  bool shareLoop(const DescriptorEvent &event, const DescriptorEvent &other) const;
  bool inAnyLoop(const DescriptorEvent &event) const;
  bool isLarge(const DescriptorEvent &event) const;
  bool readsToEnd(const DescriptorEvent &event, const DescriptorEvent &from) const;

  Solution &S;
  link::FunctionId Function;
  bool HasCallers;
  std::vector<DescriptorEvent> Events;
  const std::vector<Completion> &Completions;
  const std::vector<DescriptorEvent> &Reads; ///< on any path of the function
  llvm::DenseSet<TermId> Reachable;
  Table Own;
  std::vector<PipeState> Pipes;
  std::vector<Child> Children;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_PIPEPLAYER_H
