//===- LiveAnalysisTest.cpp - Analysis behind an editor -------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "integrations/live/LiveAnalysis.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <fstream>
#include <gtest/gtest.h>

using namespace gridlock::integrations;

namespace {

constexpr const char *Deadlock = "#include <pthread.h>\n"
                                 "static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;\n"
                                 "void f(void) {\n"
                                 "  pthread_mutex_lock(&lock);\n"
                                 "  pthread_mutex_lock(&lock);\n"
                                 "}\n";

/// A file that no database knows, a clock that only moves when it is told to, and
/// what the analysis says, in order.
class LiveAnalysisTest : public testing::Test {
protected:
  void SetUp() override {
    llvm::SmallString<128> folder;
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("gridlock-live", folder));
    Folder = folder.str().str();
    llvm::sys::path::append(folder, "a.c");
    File = folder.str().str();
    std::ofstream(File) << "int x;\n";
  }
  void TearDown() override { llvm::sys::fs::remove_directories(Folder); }

  struct Told {
    std::uint64_t generation;
    std::size_t findings;
    auto operator<=>(const Told &) const = default;
  };

  std::unique_ptr<LiveAnalysis> start(std::function<void(LiveAnalysis &, int)> whenSolving) {
    LiveOptions options;
    options.pause = std::chrono::milliseconds(0);
    options.clock = [this] { return SolvePace::Time() + Elapsed.load(); };
    options.whenSolving = [this, whenSolving] {
      std::unique_lock<std::mutex> lock(Mutex);
      Changed.wait(lock, [&] { return Analysis != nullptr; });
      lock.unlock();
      whenSolving(*Analysis, Solves++);
    };
    options.whenEnding = [this] {
      if (WhenEnding)
        WhenEnding();
    };
    auto analysis = std::make_unique<LiveAnalysis>(
        std::move(options),
        [this](const LiveResult &result) {
          std::lock_guard<std::mutex> lock(Mutex);
          for (auto &[file, buffer] : result.analysed)
            All.push_back({buffer->generation, result.findings.size()});
          Changed.notify_all();
        },
        [](const llvm::Twine &) {});
    std::lock_guard<std::mutex> lock(Mutex);
    Analysis = analysis.get();
    Changed.notify_all();
    return analysis;
  }

  /// All that was told by the time that this generation was.
  std::vector<Told> until(std::uint64_t generation) {
    std::unique_lock<std::mutex> lock(Mutex);
    Changed.wait(lock, [&] { return !All.empty() && All.back().generation == generation; });
    return All;
  }

  std::string Folder, File;
  std::atomic<std::chrono::milliseconds> Elapsed{std::chrono::milliseconds(0)};
  std::mutex Mutex;
  std::condition_variable Changed;
  LiveAnalysis *Analysis = nullptr;
  int Solves = 0;
  std::function<void()> WhenEnding;
  std::vector<Told> All;
};

TEST_F(LiveAnalysisTest, ANewerTextGivesUpTheSolveOfAnOlder) {
  auto analysis = start([this](LiveAnalysis &live, int solve) {
    if (solve == 0)
      live.change(File, "int x;\n", 2);
  });
  analysis->change(File, Deadlock, 1);
  EXPECT_EQ(until(2), (std::vector<Told>{{2, 0}}));
}

TEST_F(LiveAnalysisTest, OfManyEditsDuringASolveOnlyTheLastIsSolved) {
  auto analysis = start([this](LiveAnalysis &live, int solve) {
    if (solve == 0)
      for (std::uint64_t generation = 2; generation != 50; ++generation)
        live.change(File, generation == 49 ? Deadlock : "int x;\n", generation);
  });
  analysis->change(File, "int y;\n", 1);
  EXPECT_EQ(until(49), (std::vector<Told>{{49, 1}}));
  EXPECT_EQ(Solves, 2);
}

TEST_F(LiveAnalysisTest, ANewerTextKeepsTheNextProjectFromBeingSolvedToo) {
  std::string other = File + ".other.c"; // alone, so another project
  std::ofstream(other) << "int x;\n";
  auto analysis = start([&](LiveAnalysis &live, int solve) {
    if (solve == 0) { // of `File`; from here on both are new at once
      live.change(other, "int y;\n", 101);
      live.change(File, "int x;\n", 2);
    }
    if (solve == 1) { // of either; the other is next
      live.change(other, Deadlock, 102);
      live.change(File, Deadlock, 3);
    }
  });
  analysis->change(File, "int z;\n", 1);
  std::vector<Told> all;
  {
    std::unique_lock<std::mutex> lock(Mutex);
    auto isTold = [&](std::uint64_t generation) { return llvm::is_contained(All, Told{generation, 1}); };
    Changed.wait(lock, [&] { return isTold(3) && isTold(102); });
    all = All;
  }
  llvm::sort(all);
  EXPECT_EQ(all, (std::vector<Told>{{3, 1}, {102, 1}}));
}

TEST_F(LiveAnalysisTest, AnOlderResultIsToldWhenNoneWasForLong) {
  auto analysis = start([this](LiveAnalysis &live, int solve) {
    if (solve != 0)
      return;
    Elapsed = std::chrono::hours(1);
    live.change(File, "int x;\n", 2);
  });
  analysis->change(File, Deadlock, 1);
  EXPECT_EQ(until(2), (std::vector<Told>{{1, 1}, {2, 0}}));
}

TEST_F(LiveAnalysisTest, TheEndDoesNotWaitForASolve) {
  std::mutex mutex;
  std::condition_variable wake;
  bool isSolving = false, isReleased = false;
  auto analysis = start([&](LiveAnalysis &, int) {
    std::unique_lock<std::mutex> lock(mutex);
    isSolving = true;
    wake.notify_all();
    wake.wait(lock, [&] { return isReleased; });
  });
  analysis->change(File, Deadlock, 1);
  {
    std::unique_lock<std::mutex> lock(mutex);
    wake.wait(lock, [&] { return isSolving; });
  }
  // It goes on only once the end has begun.
  WhenEnding = [&] {
    std::lock_guard<std::mutex> lock(mutex);
    isReleased = true;
    wake.notify_all();
  };
  analysis.reset();
  EXPECT_TRUE(All.empty());
}

} // namespace
