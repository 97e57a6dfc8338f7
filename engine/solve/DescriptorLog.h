//===- DescriptorLog.h - What a path did to descriptors ---------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The history of a path as far as descriptors and children are concerned: which
/// pipes it made, what it read, wrote, closed and waited for, in order. Histories
/// are hash-consed lists, so a state holds one number and comparing two is
/// comparing numbers. A procedure's summary carries the history of each of its
/// outcomes; a call appends it to the caller's, with the caller's names.
///
/// Events name descriptors by their *values*: a pipe's ends are values of their
/// own, so they are found again through variables, fields, out-parameters and
/// streams by the store. An event on one of the function's inputs stays in terms
/// of that input until a caller knows better.
///
/// One table per solve, used by one thread. Read-only for rules.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_DESCRIPTORLOG_H
#define GRIDLOCK_ENGINE_SOLVE_DESCRIPTORLOG_H

#include "engine/solve/State.h"
#include "llvm/ADT/DenseMap.h"
#include <vector>

namespace gridlock::solve {

enum class DescriptorAct : std::uint8_t {
  None,
  Pipe,      ///< a: read end, b: write end
  Stream,    ///< a: stream of child b that a library made; `Output` or input
  Duplicate, ///< a: from, b: the copy
  Redirect,  ///< a: from, b: a constant number: `dup2(fd, 1)`
  Close,     ///< a
  Flags,     ///< a; `CloseOnExec` or `NonBlocking`
  Read,      ///< a; b: the size
  Write,     ///< a; b: the size
  Poll,      ///< a; `Alone` when nothing else is in the set
  Fork,      ///< a: the child, c: its name where it was made
  InChild,   ///< a: the child that this path is
  Exec,      ///< the program is replaced, or the path goes on after that failed
  Spawn,     ///< a: the child; its actions follow
  Action,    ///< of the spawn before it: a: from, b: to (a constant), c: kind
  Prepare,   ///< an action for a later spawn: c: the actions object; a, b
  Wait,      ///< a: the child; 0: any
  Kill,      ///< a: the child
  Join,      ///< a: the thread
  Escape,    ///< a: code that is not known got it
};

enum DescriptorFlags : std::uint16_t {
  EventIsWhole = 1,         ///< reads to the end by itself
  EventIsSized = 2,         ///< its own loop only makes up the size
  EventIsShort = 4,         ///< writes a little
  EventReturnsAtOnce = 8,   ///< a wait that tests
  EventIsBounded = 16,      ///< a wait with a time-out
  EventDrains = 32,         ///< a wait that reads the output itself
  EventClosesOnExec = 64,   ///< the descriptor does not survive exec
  EventIsNonBlocking = 128, ///< the descriptor is made non-blocking
  EventIsDuplex = 256,      ///< a socket pair
  EventIsOutput = 512,      ///< a stream from the child
  EventIsAlone = 1024,      ///< the set of a poll holds nothing else
  EventIsUnknown = 2048,    ///< may concern any descriptor
  EventOpens = 4096,        ///< an action that opens a file, not a copy
  EventIsFromHere = 8192,   ///< a range that begins at `a`
};

struct DescriptorEvent {
  DescriptorAct act = DescriptorAct::None;
  std::uint16_t flags = 0;
  TermId a = 0, b = 0, c = 0;
  TermId thread = 0;       ///< the thread that does it; 0: the path's own
  StepId step = 0;         ///< the way to it
  std::uint64_t place = 0; ///< equal for equal ways
};

class DescriptorLogs {
public:
  /// Set in the number of a history that makes a pipe or a child.
  static constexpr LogId makes = 1u << 31;
  /// The history of a path that took more turns than are followed.
  static constexpr LogId unknown = 1;

  /// Adds an event, unless the history holds the same one.
  LogId append(LogId log, const DescriptorEvent &event);
  /// The events, oldest first.
  std::vector<DescriptorEvent> events(LogId log) const;
  /// Events of `other` that `log` lacks are added: either may have happened.
  LogId unite(LogId log, LogId other);
  /// Whether the history holds an event that makes this value.
  bool isMade(LogId log, TermId value) const;
  static bool makesValues(DescriptorAct act);

private:
  struct Node {
    LogId parent = 0;
    std::uint32_t event = 0;
    std::uint32_t depth = 0;
    std::uint64_t seen = 0; ///< a bit for each event of the log: its number modulo 64
  };
  std::uint32_t intern(const DescriptorEvent &event);
  bool contains(LogId log, std::uint32_t event) const;

  std::vector<DescriptorEvent> Events{DescriptorEvent{}};
  std::vector<Node> Nodes{Node{}, Node{}};
  llvm::DenseMap<std::uint64_t, llvm::SmallVector<std::uint32_t, 1>> EventIndex;
  llvm::DenseMap<std::pair<LogId, std::uint32_t>, LogId> NodeIndex;
};

/// How a path ended for good: by exec or exit.
struct Ending {
  LogId log = 0;
  bool byExec = false;
  llvm::SmallVector<Fact, 2> conditions; ///< on inputs
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_DESCRIPTORLOG_H
