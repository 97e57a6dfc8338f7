//===- Scheduler.h - All units of a run, extracted in parallel --*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Runs the extractor over all jobs on several threads, takes from the cache
/// what is still true, and survives a parser that crashes. Every job has one
/// result, in the order of the jobs; nothing is left out. Prints nothing:
/// an observer hears of every step.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_RUN_SCHEDULER_H
#define GRIDLOCK_ENGINE_RUN_SCHEDULER_H

#include "engine/facts/Facts.h"
#include "engine/run/Cache.h"
#include "engine/summary/Ir.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <memory>
#include <string>
#include <vector>

namespace gridlock::run {

enum class UnitState {
  Extracted, ///< parsed now
  Cached,    ///< read from the cache
  Failed,    ///< the parser could not start; `failure` says why
  Crashed,   ///< the parser died; `failure` says how
};

struct UnitResult {
  UnitState state = UnitState::Failed;
  std::shared_ptr<const ir::Unit> unit; ///< null when failed or crashed
  std::string failure;                  ///< one line
  /// Whether the whole unit was understood: a result, and no parse errors.
  bool isClean() const { return unit && unit->errorCount == 0; }
};

/// Hears of progress. Calls come from the worker threads, one at a time.
class Observer {
public:
  virtual ~Observer() = default;
  virtual void started(const facts::CompileJob &job) {}
  virtual void finished(const facts::CompileJob &job, const UnitResult &result, std::size_t done, std::size_t total) {}
};

using Extractor =
    llvm::function_ref<facts::Extraction(const facts::CompileJob &, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>)>;

struct Options {
  unsigned threads = 0;                ///< 0: as many as the machine runs at once
  const SummaryCache *cache = nullptr; ///< none: everything is parsed
};

/// What happened, for `--stats`.
struct Statistics {
  std::size_t extracted = 0, cached = 0, failed = 0, crashed = 0, withErrors = 0;
  std::size_t staleEntries = 0, damagedEntries = 0;
  std::string cacheFailure; ///< the first entry that could not be written
};

struct RunResult {
  std::vector<UnitResult> units; ///< one a job, in the jobs' order
  Statistics statistics;
};

/// Extracts all jobs. `extractor` is called on several threads at once, each
/// with a file system of its own. Blocks until all are done.
RunResult extractAll(llvm::ArrayRef<facts::CompileJob> jobs, const Options &options, Extractor extractor,
                     Observer &observer);

/// Runs `work` on a thread with a stack as large as the extractor gets, and
/// survives its crash. For the later rooms, which recurse through expressions.
/// \returns false when it crashed.
bool runGuarded(llvm::function_ref<void()> work);

} // namespace gridlock::run

#endif // GRIDLOCK_ENGINE_RUN_SCHEDULER_H
