//===- Cache.cpp - Summaries kept between runs ------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The name of an entry is a hash of the job (directory, arguments, file) and of
// the sources of the extractor, so another build of Gridlock never meets
// entries that it would read differently. The entry itself lists the files that
// were read with their hashes (`ir::Unit::files`), which decides whether it is
// still true: the "direct mode" of compiler caches. One change goes unnoticed,
// as it does there: a new header that comes earlier on the include path than the
// one that was read.
//
// Names start with "llvmcache-" so that LLVM's pruning, with its accounting of
// size and age, works on the folder as it is.
//
//===----------------------------------------------------------------------===//

#include "engine/run/Cache.h"
#include "engine/run/ExtractorHash.h"
#include "engine/summary/Store.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CachePruning.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"

namespace gridlock::run {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

std::optional<std::uint64_t> FileHashes::of(llvm::StringRef file) {
  {
    std::lock_guard<std::mutex> lock(Mutex);
    auto known = Known.find(file);
    if (known != Known.end())
      return known->second;
  }
  // Read without the lock; two threads at worst do the same work.
  std::optional<std::uint64_t> hash;
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (buffer)
    hash = llvm::xxh3_64bits((*buffer)->getBuffer());
  std::lock_guard<std::mutex> lock(Mutex);
  return Known.try_emplace(file, hash).first->second;
}

static std::string joinPath(llvm::StringRef directory, llvm::StringRef name) {
  llvm::SmallString<256> joined(directory);
  path::append(joined, name);
  return joined.str().str();
}

/// Keeps the folder out of backups and of version control.
static void writeTags(llvm::StringRef directory) {
  auto write = [&](llvm::StringRef name, llvm::StringRef text) {
    std::string file = joinPath(directory, name);
    if (fs::exists(file))
      return;
    std::error_code error;
    llvm::raw_fd_ostream stream(file, error);
    if (!error)
      stream << text;
    stream.clear_error();
  };
  write("CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n# Summaries of Gridlock; may be deleted.\n");
  write(".gitignore", "*\n");
}

std::string defaultCacheDirectory(llvm::StringRef database) {
  if (!database.empty())
    return joinPath(path::parent_path(database), ".gridlock-cache");
  llvm::SmallString<256> directory;
  return path::cache_directory(directory) ? joinPath(directory, "gridlock") : std::string();
}

llvm::Expected<SummaryCache> SummaryCache::open(llvm::StringRef directory) {
  if (std::error_code error = fs::create_directories(directory))
    return llvm::createStringError(error, "cannot make the cache folder " + directory + ": " + error.message());
  writeTags(directory);
  return SummaryCache(directory.str());
}

std::string SummaryCache::entryPath(const facts::CompileJob &job) const {
  // Every part with its length, so that no two jobs give the same text.
  std::string key;
  llvm::raw_string_ostream stream(key);
  auto add = [&](llvm::StringRef part) { stream << part.size() << ':' << part; };
  add(llvm::utohexstr(ExtractorHash));
  add(llvm::utohexstr(ir::storeFormatHash()));
  add(job.file);
  add(job.directory);
  for (const std::string &argument : job.arguments)
    add(argument);
  llvm::XXH128_hash_t hash = llvm::xxh3_128bits(llvm::arrayRefFromStringRef(key));
  return joinPath(Directory, "llvmcache-" + llvm::utohexstr(hash.high64, true, 16) +
                                 llvm::utohexstr(hash.low64, true, 16) + ".gls");
}

static bool filesAreUnchanged(const ir::Unit &unit, FileHashes &hashes) {
  for (const ir::File &file : llvm::ArrayRef(unit.files).drop_front())
    if (hashes.of(unit.text(file.path)) != file.contentHash)
      return false;
  return true;
}

SummaryCache::Lookup SummaryCache::find(const facts::CompileJob &job, FileHashes &hashes) const {
  Lookup lookup;
  auto buffer = llvm::MemoryBuffer::getFile(entryPath(job), /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return lookup;
  llvm::Expected<std::unique_ptr<ir::Unit>> unit = ir::readUnit((*buffer)->getBuffer());
  if (!unit) {
    llvm::consumeError(unit.takeError());
    lookup.state = State::Damaged;
    return lookup;
  }
  if (!filesAreUnchanged(**unit, hashes)) {
    lookup.state = State::Stale;
    return lookup;
  }
  lookup.state = State::Hit;
  lookup.unit = std::move(*unit);
  return lookup;
}

llvm::Error SummaryCache::store(const facts::CompileJob &job, const ir::Unit &unit) const {
  llvm::Expected<fs::TempFile> file = fs::TempFile::create(joinPath(Directory, "new-%%%%%%%%%%%%"));
  if (!file)
    return file.takeError();
  llvm::raw_fd_ostream stream(file->FD, /*shouldClose=*/false);
  llvm::Error written = ir::writeUnit(unit, stream);
  stream.flush();
  if (!written && stream.has_error())
    written = llvm::createStringError(stream.error(), "cannot write to the cache: " + stream.error().message());
  stream.clear_error();
  if (written)
    return llvm::joinErrors(std::move(written), file->discard());
  return file->keep(entryPath(job));
}

void SummaryCache::prune() const {
  llvm::CachePruningPolicy policy; // a week, 75 % of the free space
  policy.MaxSizeBytes = std::uint64_t(8) << 30;
  llvm::pruneCache(Directory, policy);
}

} // namespace gridlock::run
