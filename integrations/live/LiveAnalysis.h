//===- LiveAnalysis.h - Analysis behind an editor ---------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Analyses what stands in an editor's buffers together with the rest of their
/// project, in the background, and again after every change. The text of a
/// buffer never reaches the disk or the cache.
///
/// Any thread may call; calls return at once. The listener is called from a
/// thread of this object, one call at a time.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_INTEGRATIONS_LIVE_LIVEANALYSIS_H
#define GRIDLOCK_INTEGRATIONS_LIVE_LIVEANALYSIS_H

#include "engine/facts/Preamble.h"
#include "integrations/live/LockGraph.h"
#include "integrations/live/Project.h"
#include "integrations/live/SolvePace.h"
#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <set>
#include <thread>

namespace gridlock::integrations {

/// A file's text as the editor shows it at some moment.
struct Buffer {
  std::string text;
  std::uint64_t generation = 0; ///< grows with every change
};
using Buffers = std::map<std::string, std::shared_ptr<const Buffer>>; ///< by absolute path

/// What was found in the files of one project that are open.
struct LiveResult {
  Buffers analysed; ///< the open files, with the text that places refer to
  std::vector<Finding> findings;
  std::shared_ptr<const LockGraph> locks;
  std::shared_ptr<SourceCache> sources; ///< the texts that were analysed
  bool isWhole = false;                 ///< false: other files of the project are not read yet
};

struct LiveOptions {
  CommandSource commands;
  unsigned threads = 1; ///< for files that are not open
  /// Somebody else parses the open files and calls `give`.
  bool unitsAreGiven = false;
  std::chrono::milliseconds pause{30}; ///< after a change, for the next one to come
  /// Called by the working thread before each solve; may be empty.
  std::function<void()> whenSolving;
  /// Called by the destructor before it waits, when what is being solved has
  /// been told to stop; may be empty.
  std::function<void()> whenEnding;
  std::function<SolvePace::Time()> clock = std::chrono::steady_clock::now;
};

class LiveAnalysis {
public:
  using Listener = std::function<void(const LiveResult &)>;
  using Log = std::function<void(const llvm::Twine &)>;

  LiveAnalysis(LiveOptions options, Listener listener, Log log);
  /// Gives up what is being solved; waits for a parse that runs.
  ~LiveAnalysis();

  void setCommands(CommandSource commands);
  /// Opens a file or changes its text.
  void change(const std::string &file, std::string text, std::uint64_t generation);
  void close(const std::string &file);
  /// Something was written to the disk: other units may have changed.
  void saved();
  /// The unit of an open file, parsed from a text with this hash (xxh3).
  void give(const std::string &file, std::uint64_t textHash, std::unique_ptr<ir::Unit> unit);

private:
  /// An open file. Only the working thread looks inside, but for `given`.
  struct OpenFile {
    std::shared_ptr<Project> project;
    std::optional<facts::CompileJob> job;
    std::shared_ptr<const ir::Unit> unit;   ///< the last one that is worth having
    std::shared_ptr<const Buffer> analysed; ///< what `unit` was made from
    Buffers read;                           ///< the buffers that there were
    std::unique_ptr<facts::Preamble> headers;
  };
  struct Given {
    std::uint64_t textHash = 0;
    std::shared_ptr<const ir::Unit> unit;
  };

  void work();
  void readProjects();
  bool open(const std::string &file, OpenFile &opened);
  bool renew(const std::string &file, OpenFile &opened, const Buffers &buffers);
  std::shared_ptr<const ir::Unit> parse(const std::string &file, OpenFile &opened, const Buffers &buffers);
  bool solve(const std::shared_ptr<Project> &project, const std::string &file);
  bool solveAndTell(const std::shared_ptr<Project> &project, const std::string &file);
  void overtake();
  llvm::Expected<const model::Models *> modelsOf(const suppress::Configuration &configuration);
  void markReaders(const std::string &file, std::set<std::string> &dirty) const;
  std::set<std::string> takeDirty(std::unique_lock<std::mutex> &lock);

  Listener Tell;
  Log Say;
  LiveOptions Settings;

  std::mutex Mutex; ///< for what follows
  std::condition_variable Wake, WakeReader;
  Buffers Open;
  std::set<std::string> Dirty;
  std::map<std::string, Given> GivenUnits;
  std::set<std::shared_ptr<Project>> Unsolved; ///< of which other units have changed
  std::set<std::shared_ptr<Project>> Unread;   ///< to be refreshed
  CommandSource Commands;
  bool CommandsChanged = false;
  bool Stopping = false, IsBusy = false;
  SolvePace Pace;
  std::atomic<bool> GivenUp = false; ///< what is being solved; read without the lock

  /// By database, or by file. Only the working thread changes it.
  std::map<std::string, std::shared_ptr<Project>> Projects;

  // The working thread's own.
  std::map<std::string, OpenFile> Files;
  std::map<std::vector<std::string>, std::unique_ptr<model::Models>> ModelSets;
  std::string LastTrouble;

  std::thread Reader, Worker; ///< last: they use all of the above
};

} // namespace gridlock::integrations

#endif // GRIDLOCK_INTEGRATIONS_LIVE_LIVEANALYSIS_H
