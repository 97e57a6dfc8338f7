//===- Cache.h - Summaries kept between runs --------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A folder of `.gls` files, found by what was compiled and how, and valid as
/// long as every file that the parser read has the same content. May be shared
/// by several threads and processes; an entry is written beside its place and
/// renamed, so that nobody sees half of one.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_RUN_CACHE_H
#define GRIDLOCK_ENGINE_RUN_CACHE_H

#include "engine/facts/Facts.h"
#include "engine/summary/Ir.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace gridlock::run {

/// The hashes of files as they are now; each file is read once in the life of
/// the object. Any thread may call.
class FileHashes {
public:
  /// xxh3 of the file's bytes, or nothing when it cannot be read.
  std::optional<std::uint64_t> of(llvm::StringRef path);

private:
  std::mutex Mutex;
  llvm::StringMap<std::optional<std::uint64_t>> Known;
};

/// The folder for summaries when nobody asks for another: beside the database, or
/// without one the user's cache folder. Empty: there is no place.
std::string defaultCacheDirectory(llvm::StringRef database);

class SummaryCache {
public:
  /// Creates the folder when it is not there.
  static llvm::Expected<SummaryCache> open(llvm::StringRef directory);

  enum class State { Hit, Missing, Stale, Damaged };
  struct Lookup {
    State state = State::Missing;
    std::unique_ptr<ir::Unit> unit; ///< of a hit
  };

  /// The unit of `job` if nothing that it depends on has changed. Reads the
  /// entry, and the files that it names.
  Lookup find(const facts::CompileJob &job, FileHashes &hashes) const;

  /// Keeps a unit. Not for units with errors: the header that was missing may
  /// appear without any file known here changing.
  llvm::Error store(const facts::CompileJob &job, const ir::Unit &unit) const;

  /// Removes entries that were not used for a week, or more if the folder is
  /// large; looks at most every 20 minutes.
  void prune() const;

  const std::string &directory() const { return Directory; }
  std::string entryPath(const facts::CompileJob &job) const;

private:
  explicit SummaryCache(std::string directory) : Directory(std::move(directory)) {}
  std::string Directory;
};

} // namespace gridlock::run

#endif // GRIDLOCK_ENGINE_RUN_CACHE_H
