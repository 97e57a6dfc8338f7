//===- LogComparison.cpp - Histories that made the same ---------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/LogComparison.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

bool madeTheSame(const DescriptorLogs &logs, LogId log, LogId other) {
  if (!(log & DescriptorLogs::makes) || !(other & DescriptorLogs::makes))
    return false;
  if (log == other)
    return true;
  std::vector<DescriptorEvent> mine = logs.events(log), theirs = logs.events(other);
  auto isOther = [](const DescriptorEvent &event) { return !DescriptorLogs::makesValues(event.act); };
  llvm::erase_if(mine, isOther);
  llvm::erase_if(theirs, isOther);
  return llvm::equal(mine, theirs, [](const DescriptorEvent &a, const DescriptorEvent &b) {
    return a.act == b.act && a.a == b.a && a.b == b.b && a.flags == b.flags;
  });
}

bool differInDetailsOnly(const TermTable &terms, const DescriptorLogs &logs, const State &a, const State &b) {
  State same = b;
  same.log = a.log;
  if (!a.sameLocks(same) || !madeTheSame(logs, a.log, b.log))
    return false;
  return llvm::none_of(a.entries(), [&](const auto &entry) {
    TermId other = b.stored(entry.first);
    return other && other != entry.second && terms[other].kind == TermKind::Integer &&
           terms[entry.second].kind == TermKind::Integer;
  });
}

} // namespace gridlock::solve
