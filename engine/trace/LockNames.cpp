//===- LockNames.cpp - What a lock of a trace is called -------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/trace/LockNames.h"
#include "runtime/Trace.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include <algorithm>

namespace gridlock::trace {

llvm::StringRef kindWord(const Lock &lock) {
  switch (lock.kind) {
  case GRIDLOCK_LOCK_MUTEX:
    return lock.recursive ? "recursive mutex" : "mutex";
  case GRIDLOCK_LOCK_RWLOCK:
    return "read-write lock";
  case GRIDLOCK_LOCK_SPIN:
    return "spin lock";
  case GRIDLOCK_LOCK_SEMAPHORE:
    return "semaphore";
  case GRIDLOCK_LOCK_ONCE:
    return "once flag";
  case GRIDLOCK_LOCK_STATIC_INIT:
    return "initialisation of static variable";
  case GRIDLOCK_LOCK_CONDITION:
    return "condition variable";
  default:
    return "lock";
  }
}

LockNames::LockNames(const Trace &trace, Symbols &symbols) : Source(trace) {
  auto taken = [&](Id lock, Id stack) {
    const SourceFrame *frame = symbols.userFrame(trace, stack);
    if (frame)
      All[lock].sites.push_back(shortPlace(*frame) + (frame->function.empty() ? "" : " in " + frame->function));
  };
  for (const Edge &edge : trace.edges) {
    taken(edge.from, edge.outerStack);
    taken(edge.to, edge.innerStack);
  }
  for (const Report &report : trace.reports)
    for (const ReportPart &part : report.parts)
      if (part.lock && part.stack)
        taken(part.lock, part.stack);
  for (const auto &[id, lock] : trace.locks)
    describe(trace, id, symbols);
}

void LockNames::describe(const Trace &trace, Id id, Symbols &symbols) {
  const Lock &lock = trace.locks.at(id);
  Known &known = All[id];
  std::string first = known.sites.empty() ? "" : known.sites.front();
  std::sort(known.sites.begin(), known.sites.end());
  known.sites.erase(std::unique(known.sites.begin(), known.sites.end()), known.sites.end());
  known.quoted = true;
  if (!lock.name.empty()) {
    known.name = lock.name;
    known.key = "name " + lock.name;
    return;
  }
  if (lock.module) {
    const Module &module = trace.modules.at(lock.module);
    known.name = symbols.variable(module, lock.offset);
    if (known.name.empty())
      known.name = llvm::sys::path::filename(module.path).str() + "+0x" + llvm::utohexstr(lock.offset, true);
    known.key = "global " + llvm::sys::path::filename(module.path).str() + " " + known.name;
    return;
  }
  known.quoted = false;
  if (const SourceFrame *made = lock.initStack ? symbols.userFrame(trace, lock.initStack) : nullptr) {
    known.name = "made at " + shortPlace(*made);
    known.key = "made " + shortPlace(*made) + " " + made->function;
    return;
  }
  known.name = first.empty() ? "L" + std::to_string(id) : "taken at " + first;
}

const std::string &LockNames::name(Id lock) const {
  static const std::string none = "unknown lock";
  auto found = All.find(lock);
  return found == All.end() ? none : found->second.name;
}

std::string LockNames::description(Id lock) const {
  auto found = All.find(lock), end = All.end();
  auto source = Source.locks.find(lock);
  std::string kind = source == Source.locks.end() ? "lock" : kindWord(source->second).str();
  if (found == end)
    return kind;
  return kind + (found->second.quoted ? " `" + found->second.name + "`" : " " + found->second.name);
}

const std::string &LockNames::key(Id lock) const {
  static const std::string none;
  auto found = All.find(lock);
  return found == All.end() ? none : found->second.key;
}

const std::vector<std::string> &LockNames::sites(Id lock) const {
  static const std::vector<std::string> none;
  auto found = All.find(lock);
  return found == All.end() ? none : found->second.sites;
}

} // namespace gridlock::trace
