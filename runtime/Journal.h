//===- Journal.h - Orders that lie on no cycle yet --------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// An acquisition whose edges close no cycle tells nothing yet: it is only
/// written down, with what a context needs, and its edges marked as existing.
/// When an edge comes that makes a cycle, what was written down about the locks
/// on it is recorded in full (`replay`), before that edge is. Nothing is lost,
/// and the many orders of a program that never close a cycle cost a few stores.
///
/// All functions with the graph locked.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_JOURNAL_H
#define GRIDLOCK_RUNTIME_JOURNAL_H

#include "runtime/Graph.h"

namespace gridlock::rt {

struct JournalItem {
  std::uint32_t lock; ///< held, exclusively
  std::uint32_t stack;
};

struct JournalEntry {
  std::uint32_t segment;
  std::uint32_t lock; ///< wanted, exclusively; 0 once replayed
  std::uint32_t innerStack;
  std::uint32_t count;
  JournalItem items[];
};

/// Writes down that the thread wants `lock`; the stacks of what it holds are
/// stored already. False: it is to be recorded in full.
bool writeDown(ThreadState &thread, Lock &lock, std::uint32_t innerStack);

/// The segment that wrote down the edge with no other lock held; 0: none did, or the
/// locks have no rows.
std::uint32_t plainWriterOf(const Lock &from, const Lock &to);

/// Records in full what was written down with an edge between two locks of this
/// component, or of any component when it is 0.
void replayComponent(std::uint32_t component);
/// The same for what was written down of one edge.
void replayEdge(const Lock &from, const Lock &to);

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_JOURNAL_H
