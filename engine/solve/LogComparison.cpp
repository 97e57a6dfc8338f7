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

} // namespace gridlock::solve
