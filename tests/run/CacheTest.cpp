//===- CacheTest.cpp - Entries are valid as long as they are true -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/run/Cache.h"
#include "tests/compile_db/TemporaryTree.h"
#include "tests/summary/SampleUnit.h"
#include "llvm/Support/MemoryBuffer.h"
#include <gtest/gtest.h>

using namespace gridlock;
using namespace gridlock::run;

namespace {

class Cache : public testing::Test {
protected:
  Cache() : Store(llvm::cantFail(SummaryCache::open(Tree.path("cache")))) {
    Job = {Tree.write("a.cpp", "int total;\n"), Tree.root(), {"clang++", "-DX", Tree.path("a.cpp")}};
    Header = Tree.write("a.h", "// header\n");
  }

  /// The sample unit, as if it had been read from the two files.
  ir::Unit unitOfNow() {
    FileHashes hashes;
    ir::Unit unit = ir::sampleUnit();
    unit.files.resize(1);
    for (const std::string &file : {Job.file, Header})
      unit.files.push_back({ir::addString(unit, file), 0, *hashes.of(file)});
    return unit;
  }

  SummaryCache::Lookup find() {
    FileHashes hashes;
    return Store.find(Job, hashes);
  }

  TemporaryTree Tree;
  SummaryCache Store;
  facts::CompileJob Job;
  std::string Header;
};

TEST_F(Cache, keepsAUnit) {
  EXPECT_EQ(find().state, SummaryCache::State::Missing);
  ASSERT_FALSE(bool(Store.store(Job, unitOfNow())));
  SummaryCache::Lookup lookup = find();
  ASSERT_EQ(lookup.state, SummaryCache::State::Hit);
  EXPECT_EQ(lookup.unit->strings, unitOfNow().strings);
}

TEST_F(Cache, aChangedFileMakesItStale) {
  ASSERT_FALSE(bool(Store.store(Job, unitOfNow())));
  Tree.write("a.h", "// Header\n");
  EXPECT_EQ(find().state, SummaryCache::State::Stale);
  Tree.write("a.h", "// header\n");
  EXPECT_EQ(find().state, SummaryCache::State::Hit) << "the content decides, not the time";
  llvm::sys::fs::remove(Header);
  EXPECT_EQ(find().state, SummaryCache::State::Stale);
}

TEST_F(Cache, otherFlagsAreAnotherEntry) {
  ASSERT_FALSE(bool(Store.store(Job, unitOfNow())));
  std::string entry = Store.entryPath(Job);
  Job.arguments[1] = "-DY";
  EXPECT_EQ(find().state, SummaryCache::State::Missing);
  EXPECT_NE(Store.entryPath(Job), entry);
  // The same text, divided otherwise.
  facts::CompileJob one{"f", "d", {"ab", "c"}}, other{"f", "d", {"a", "bc"}};
  EXPECT_NE(Store.entryPath(one), Store.entryPath(other));
}

TEST_F(Cache, aDamagedEntryIsNoticedAndReplaced) {
  ASSERT_FALSE(bool(Store.store(Job, unitOfNow())));
  std::string bytes = (*llvm::MemoryBuffer::getFile(Store.entryPath(Job)))->getBuffer().str();
  bytes[bytes.size() / 2] ^= 4;
  {
    std::error_code error;
    llvm::raw_fd_ostream(Store.entryPath(Job), error) << bytes;
  }
  EXPECT_EQ(find().state, SummaryCache::State::Damaged);
  ASSERT_FALSE(bool(Store.store(Job, unitOfNow())));
  EXPECT_EQ(find().state, SummaryCache::State::Hit);
}

TEST_F(Cache, leavesNoTemporaryFilesAndTagsItsFolder) {
  ASSERT_FALSE(bool(Store.store(Job, unitOfNow())));
  std::error_code error;
  unsigned entries = 0;
  for (llvm::sys::fs::directory_iterator file(Store.directory(), error), end; file != end; file.increment(error)) {
    llvm::StringRef name = llvm::sys::path::filename(file->path());
    EXPECT_TRUE(name == "CACHEDIR.TAG" || name == ".gitignore" || name.ends_with(".gls")) << name.str();
    ++entries;
  }
  EXPECT_EQ(entries, 3u);
}

TEST_F(Cache, pruningKeepsWhatIsYoung) {
  ASSERT_FALSE(bool(Store.store(Job, unitOfNow())));
  Store.prune();
  EXPECT_EQ(find().state, SummaryCache::State::Hit);
}

TEST_F(Cache, aFolderThatCannotBeMadeIsAnError) {
  llvm::Expected<SummaryCache> cache = SummaryCache::open(Job.file + "/below-a-file");
  ASSERT_FALSE(bool(cache));
  EXPECT_NE(llvm::toString(cache.takeError()).find("cannot make the cache folder"), std::string::npos);
}

} // namespace
