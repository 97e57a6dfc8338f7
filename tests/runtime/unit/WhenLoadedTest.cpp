//===- WhenLoadedTest.cpp - Callbacks on loading --------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "gridlock/when_loaded.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <semaphore>

namespace {

/// A library that is made for this test and loaded by nothing else.
constexpr const char *Plugin = GRIDLOCK_TEST_PLUGIN;

TEST(WhenLoaded, CallsAtOnceForWhatIsLoaded) {
  std::vector<std::string> paths;
  auto watch = gridlock::when_loaded("libc.so", [&](const gridlock::loaded_library &library) {
    paths.push_back(library.path);
    EXPECT_NE(library.base, 0u);
  });
  ASSERT_EQ(paths.size(), 1u);
  EXPECT_THAT(paths[0], testing::HasSubstr("libc.so"));
}

TEST(WhenLoaded, OpenLibraryAnnouncesBeforeItReturns) {
  int calls = 0;
  auto watch = gridlock::when_loaded("libruntime_test_plugin", [&](const gridlock::loaded_library &) { ++calls; });
  EXPECT_EQ(calls, 0);
  void *handle = gridlock::open_library(Plugin, RTLD_NOW);
  ASSERT_NE(handle, nullptr) << dlerror();
  EXPECT_EQ(calls, 1);
  gridlock::poll_loaded();
  EXPECT_EQ(calls, 1);
  dlclose(handle);
  gridlock::poll_loaded();
  handle = gridlock::open_library(Plugin, RTLD_NOW);
  EXPECT_EQ(calls, 2);
  dlclose(handle);
}

TEST(WhenLoaded, LoadsByOthersAreNoticed) {
  std::binary_semaphore called{0};
  auto watch =
      gridlock::when_loaded("libruntime_test_plugin", [&](const gridlock::loaded_library &) { called.release(); });
  void *handle = dlopen(Plugin, RTLD_NOW);
  ASSERT_NE(handle, nullptr) << dlerror();
  called.acquire(); // by the helper thread; the test's time limit is the failure
  dlclose(handle);
}

TEST(WhenLoaded, EndsWithTheSubscription) {
  int calls = 0;
  {
    auto watch = gridlock::when_loaded("libruntime_test_plugin", [&](const gridlock::loaded_library &) { ++calls; });
  }
  void *handle = gridlock::open_library(Plugin, RTLD_NOW);
  EXPECT_EQ(calls, 0);
  dlclose(handle);
}

TEST(WhenLoaded, ACallbackMayLoadAndSubscribe) {
  int inner = 0;
  gridlock::load_watch second;
  auto first = gridlock::when_loaded("libc.so", [&](const gridlock::loaded_library &) {
    void *handle = gridlock::open_library(Plugin, RTLD_NOW);
    second = gridlock::when_loaded("libruntime_test_plugin", [&](const gridlock::loaded_library &) { ++inner; });
    dlclose(handle);
  });
  EXPECT_EQ(inner, 1);
}

TEST(WhenLoaded, PrefixOfTheFileNameOnly) {
  int calls = 0;
  auto watch = gridlock::when_loaded("runtime_test_plugin", [&](const gridlock::loaded_library &) { ++calls; });
  void *handle = gridlock::open_library(Plugin, RTLD_NOW);
  EXPECT_EQ(calls, 0);
  dlclose(handle);
}

} // namespace
