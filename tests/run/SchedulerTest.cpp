//===- SchedulerTest.cpp - Every job has a result ---------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/run/Scheduler.h"
#include "tests/compile_db/TemporaryTree.h"
#include "tests/summary/SampleUnit.h"
#include <atomic>
#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

using namespace gridlock;
using namespace gridlock::run;
using testing::HasSubstr;

namespace {

std::vector<facts::CompileJob> jobsNamed(std::vector<std::string> names) {
  std::vector<facts::CompileJob> jobs;
  for (const std::string &name : names)
    jobs.push_back({"/p/" + name, "/p", {"clang++", name}});
  return jobs;
}

/// A parser that behaves as the file's name says.
class FakeParser {
public:
  facts::Extraction operator()(const facts::CompileJob &job, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>) {
    ++Calls;
    llvm::StringRef name(job.file);
    if (name.contains("abort"))
      std::abort();
    if (name.contains("null")) {
      volatile int *nothing = nullptr;
      *nothing = 1;
    }
    if (name.contains("deep"))
      Sink = recurse(1);
    if (name.contains("refused"))
      return {nullptr, "no such language"};
    auto unit = std::make_unique<ir::Unit>(ir::sampleUnit());
    unit->files.resize(1);
    unit->mainFile = 0;
    unit->locations.resize(1);
    for (ir::Function &function : unit->functions)
      function.location = 0;
    unit->records[1].location = 0;
    for (ir::Call &call : unit->calls)
      call.location = 0;
    for (ir::Event &event : unit->events)
      event.location = 0;
    unit->firstError = ir::addString(*unit, job.file);
    unit->errorCount = name.contains("wrong") ? 3 : 0;
    return {std::move(unit), ""};
  }

  std::atomic<unsigned> Calls = 0;

private:
  volatile int Sink = 0;
  static int recurse(int depth) {
    volatile char frame[4096];
    frame[0] = char(depth);
    return depth == 0 ? 0 : recurse(depth + 1) + frame[0];
  }
};

class Recorder : public Observer {
public:
  void started(const facts::CompileJob &job) override { Started.insert(job.file); }
  void finished(const facts::CompileJob &job, const UnitResult &, std::size_t done, std::size_t total) override {
    EXPECT_TRUE(Started.count(job.file));
    EXPECT_EQ(done, ++Finished);
    EXPECT_LE(done, total);
  }
  std::set<std::string> Started;
  std::size_t Finished = 0;
};

TEST(Scheduler, resultsStandInTheOrderOfTheJobs) {
  std::vector<std::string> names;
  for (unsigned i = 0; i < 200; ++i)
    names.push_back("file" + std::to_string(i) + ".cpp");
  std::vector<facts::CompileJob> jobs = jobsNamed(names);
  FakeParser parser;
  Recorder recorder;
  RunResult result = extractAll(jobs, {.threads = 8}, parser, recorder);
  ASSERT_EQ(result.units.size(), jobs.size());
  for (std::size_t i = 0; i < jobs.size(); ++i)
    EXPECT_EQ(result.units[i].unit->text(result.units[i].unit->firstError), jobs[i].file);
  EXPECT_EQ(recorder.Finished, jobs.size());
  EXPECT_EQ(result.statistics.extracted, jobs.size());
}

TEST(Scheduler, noJobsAreNoWork) {
  FakeParser parser;
  Recorder recorder;
  EXPECT_TRUE(extractAll({}, {}, parser, recorder).units.empty());
}

TEST(Scheduler, aCrashIsOneResultAndTheRestGoesOn) {
  FakeParser parser;
  Recorder recorder;
  RunResult result = extractAll(
      jobsNamed({"a.cpp", "abort.cpp", "null.cpp", "deep.cpp", "refused.cpp", "deep2.cpp", "wrong.cpp", "z.cpp"}),
      {.threads = 2}, parser, recorder);
  EXPECT_EQ(result.units[0].state, UnitState::Extracted);
  EXPECT_EQ(result.units[1].state, UnitState::Crashed);
  EXPECT_EQ(result.units[1].failure, "the parser crashed (SIGABRT)");
  EXPECT_EQ(result.units[2].failure, "the parser crashed (SIGSEGV)");
  EXPECT_EQ(result.units[3].failure, "the parser crashed (SIGSEGV)");
  EXPECT_EQ(result.units[4].state, UnitState::Failed);
  EXPECT_EQ(result.units[4].failure, "no such language");
  EXPECT_EQ(result.units[5].state, UnitState::Crashed);
  EXPECT_EQ(result.units[6].state, UnitState::Extracted);
  EXPECT_FALSE(result.units[6].isClean());
  EXPECT_TRUE(result.units[7].isClean());
  EXPECT_EQ(result.statistics.crashed, 4u);
  EXPECT_EQ(result.statistics.failed, 1u);
  EXPECT_EQ(result.statistics.withErrors, 1u);
  EXPECT_EQ(recorder.Finished, 8u);
}

TEST(Scheduler, theSecondRunNeedsNoParser) {
  TemporaryTree tree;
  SummaryCache cache = llvm::cantFail(SummaryCache::open(tree.path("cache")));
  std::vector<facts::CompileJob> jobs = jobsNamed({"a.cpp", "b.cpp", "wrong.cpp", "refused.cpp"});
  FakeParser parser;
  Recorder recorder;
  (void)extractAll(jobs, {.cache = &cache}, parser, recorder);
  EXPECT_EQ(parser.Calls, 4u);
  Recorder again;
  RunResult result = extractAll(jobs, {.cache = &cache}, parser, again);
  EXPECT_EQ(parser.Calls, 6u) << "only what did not parse cleanly is parsed again";
  EXPECT_EQ(result.units[0].state, UnitState::Cached);
  EXPECT_EQ(result.units[1].unit->text(result.units[1].unit->firstError), "/p/b.cpp");
  EXPECT_EQ(result.statistics.cached, 2u);
}

TEST(Scheduler, aCacheThatCannotBeWrittenIsReportedOnce) {
  TemporaryTree tree;
  SummaryCache cache = llvm::cantFail(SummaryCache::open(tree.path("cache")));
  llvm::sys::fs::remove_directories(tree.path("cache"));
  FakeParser parser;
  Recorder recorder;
  RunResult result = extractAll(jobsNamed({"a.cpp", "b.cpp"}), {.cache = &cache}, parser, recorder);
  EXPECT_EQ(result.statistics.extracted, 2u);
  EXPECT_THAT(result.statistics.cacheFailure, HasSubstr("o such file"));
}

TEST(RunGuarded, survivesAndReports) {
  bool ran = false;
  EXPECT_TRUE(runGuarded([&] { ran = true; }));
  EXPECT_TRUE(ran);
  EXPECT_FALSE(runGuarded([] { std::abort(); }));
}

TEST(FileHashes, readsAFileOnce) {
  TemporaryTree tree;
  FileHashes hashes;
  std::string file = tree.write("a", "one");
  std::optional<std::uint64_t> first = hashes.of(file);
  ASSERT_TRUE(first.has_value());
  tree.write("a", "two");
  EXPECT_EQ(hashes.of(file), first);
  EXPECT_NE(FileHashes().of(file), first);
  EXPECT_EQ(hashes.of(tree.path("none")), std::nullopt);
}

} // namespace
