//===- DescriptorLog.cpp - What a path did to descriptors -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/DescriptorLog.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Longer histories are given up.
static constexpr std::uint32_t longestLog = 160;

bool DescriptorLogs::makesValues(DescriptorAct act) {
  return act == DescriptorAct::Pipe || act == DescriptorAct::Stream || act == DescriptorAct::Fork ||
         act == DescriptorAct::Spawn || act == DescriptorAct::InChild;
}

std::uint32_t DescriptorLogs::intern(const DescriptorEvent &event) {
  std::uint64_t hash =
      llvm::hash_combine(unsigned(event.act), event.flags, event.a, event.b, event.c, event.thread, event.place);
  auto &rows = EventIndex[hash];
  for (std::uint32_t row : rows) {
    const DescriptorEvent &other = Events[row];
    if (other.act == event.act && other.flags == event.flags && other.a == event.a && other.b == event.b &&
        other.c == event.c && other.thread == event.thread && other.place == event.place)
      return row;
  }
  rows.push_back(std::uint32_t(Events.size()));
  Events.push_back(event);
  return rows.back();
}

bool DescriptorLogs::contains(LogId log, std::uint32_t event) const {
  const std::uint64_t bit = std::uint64_t(1) << (event % 64);
  for (LogId id = log & ~makes; id > unknown && (Nodes[id].seen & bit); id = Nodes[id].parent & ~makes)
    if (Nodes[id].event == event)
      return true;
  return false;
}

LogId DescriptorLogs::append(LogId log, const DescriptorEvent &event) {
  if (log == unknown)
    return unknown;
  std::uint32_t row = intern(event);
  if (auto known = NodeIndex.find({log, row}); known != NodeIndex.end())
    return known->second;
  if (contains(log, row))
    return log;
  std::uint32_t depth = Nodes[log & ~makes].depth + 1;
  if (depth > longestLog)
    return unknown;
  auto [entry, isNew] = NodeIndex.try_emplace({log, row}, 0);
  if (isNew) {
    LogId made = (log & makes) | (makesValues(event.act) ? makes : 0);
    entry->second = LogId(Nodes.size()) | made;
    const std::uint64_t seen = Nodes[log & ~makes].seen | std::uint64_t(1) << (row % 64);
    Nodes.push_back({log, row, depth, seen});
  }
  return entry->second;
}

std::vector<DescriptorEvent> DescriptorLogs::events(LogId log) const {
  std::vector<DescriptorEvent> result;
  for (LogId id = log & ~makes; id > unknown; id = Nodes[id].parent & ~makes)
    result.push_back(Events[Nodes[id].event]);
  std::reverse(result.begin(), result.end());
  return result;
}

LogId DescriptorLogs::unite(LogId log, LogId other) {
  if (log == other || !other)
    return log;
  if (log == unknown || other == unknown)
    return unknown;
  auto rowsOf = [&](LogId id) {
    std::vector<std::uint32_t> rows;
    for (id &= ~makes; id > unknown; id = Nodes[id].parent & ~makes)
      rows.push_back(Nodes[id].event);
    std::reverse(rows.begin(), rows.end());
    return rows;
  };
  std::vector<std::uint32_t> mine = rowsOf(log), theirs = rowsOf(other);
  // What only the other one holds goes before what follows it there, and before
  // waits and writes of which nothing says that they come first.
  auto blocks = [&](std::uint32_t row) {
    return Events[row].act == DescriptorAct::Wait || Events[row].act == DescriptorAct::Write;
  };
  bool adds = false;
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    if (llvm::is_contained(mine, theirs[i]))
      continue;
    auto next = llvm::find_if(mine, [&](std::uint32_t row) {
      return std::find(theirs.begin() + std::ptrdiff_t(i), theirs.end(), row) != theirs.end();
    });
    if (next == mine.end() && !blocks(theirs[i]) &&
        std::none_of(theirs.begin(), theirs.begin() + std::ptrdiff_t(i), blocks))
      next = llvm::find_if(mine, blocks);
    mine.insert(next, theirs[i]);
    adds = true;
  }
  if (!adds)
    return log;
  LogId united = 0;
  for (std::uint32_t row : mine) {
    DescriptorEvent event = Events[row];
    united = append(united, event);
  }
  return united;
}

bool DescriptorLogs::isMade(LogId log, TermId value) const {
  if (!(log & makes))
    return false;
  for (LogId id = log & ~makes; id > unknown; id = Nodes[id].parent & ~makes) {
    const DescriptorEvent &event = Events[Nodes[id].event];
    if ((makesValues(event.act) && event.a == value) ||
        (event.b == value && (event.act == DescriptorAct::Pipe || event.act == DescriptorAct::Duplicate)))
      return true;
  }
  return false;
}

} // namespace gridlock::solve
