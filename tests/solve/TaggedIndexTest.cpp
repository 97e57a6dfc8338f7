//===- TaggedIndexTest.cpp --------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/TaggedIndex.h"
#include "engine/solve/MixHash.h"
#include <gtest/gtest.h>

using namespace gridlock::solve;

namespace {

/// Rows are the numbers themselves, under a hash that the test chooses.
template <class Hash> void keepAndFindAll(std::uint32_t count, Hash hash) {
  TaggedIndex index;
  auto find = [&](std::uint32_t row) {
    return index.find(hash(row), [&](std::uint32_t other) { return other == row; });
  };
  for (std::uint32_t row = 1; row <= count; ++row) {
    EXPECT_EQ(find(row), 0u);
    index.add(hash(row), row);
  }
  for (std::uint32_t row = 1; row <= count; ++row)
    EXPECT_EQ(find(row), row);
  EXPECT_EQ(find(count + 1), 0u);
}

TEST(TaggedIndex, FindsAllAfterGrowing) {
  keepAndFindAll(5000, [](std::uint32_t row) { return mixHash(row); });
}

TEST(TaggedIndex, TellsRowsOfOneHashApart) {
  keepAndFindAll(300, [](std::uint32_t) { return std::uint64_t(7); });
}

TEST(TaggedIndex, TellsRowsOfOneSlotApart) {
  keepAndFindAll(300, [](std::uint32_t row) { return std::uint64_t(row) << 24; });
}

TEST(MixHash, DependsOnOrderAndNumber) {
  EXPECT_NE(mixHash(1, 2), mixHash(2, 1));
  EXPECT_NE(mixHash(1), mixHash(1, 0));
  EXPECT_NE(mixHash(0), mixHash(0, 0));
  EXPECT_EQ(mixHash(3u, 4u), mixHash(3ull, 4ull));
}

} // namespace
