//===- StoreTest.cpp - Summaries survive storage, damage does not -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/summary/Store.h"
#include "tests/summary/SampleUnit.h"
#include "llvm/Support/xxhash.h"
#include <cstring>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace gridlock::ir;
using testing::HasSubstr;

namespace {

std::string store(const Unit &unit) {
  std::string bytes;
  llvm::raw_string_ostream stream(bytes);
  llvm::cantFail(writeUnit(unit, stream));
  return bytes;
}

/// The text of the refusal, or "" when the bytes were taken.
std::string refusal(llvm::StringRef bytes) {
  llvm::Expected<std::unique_ptr<Unit>> unit = readUnit(bytes);
  return unit ? std::string() : llvm::toString(unit.takeError());
}

std::string inconsistency(const Unit &unit) {
  llvm::Error error = verifyUnit(unit);
  return error ? llvm::toString(std::move(error)) : std::string();
}

/// Makes the content hash right again, as somebody who forges a file would.
void forgeHash(std::string &bytes) {
  std::uint64_t hash = llvm::xxh3_64bits(llvm::StringRef(bytes).drop_front(sizeof(StoreHeader)));
  std::memcpy(bytes.data() + offsetof(StoreHeader, contentHash), &hash, sizeof(hash));
}

TEST(Store, roundTripKeepsEveryTable) {
  Unit unit = sampleUnit();
  unit.errorCount = 7;
  unit.firstError = addString(unit, "a.cpp:1:2: no such file");
  std::string bytes = store(unit);
  llvm::Expected<std::unique_ptr<Unit>> read = readUnit(bytes);
  ASSERT_TRUE(bool(read)) << llvm::toString(read.takeError());
  EXPECT_EQ((*read)->strings, unit.strings);
  EXPECT_EQ((*read)->functions.size(), unit.functions.size());
  EXPECT_EQ((*read)->functions[2].bodyHash, 42u);
  EXPECT_EQ((*read)->exprs.size(), unit.exprs.size());
  EXPECT_EQ((*read)->errorCount, 7u);
  EXPECT_EQ((*read)->text((*read)->firstError), "a.cpp:1:2: no such file");
  // Writing again gives the same bytes, so no field was lost.
  EXPECT_EQ(store(**read), bytes);
}

TEST(Store, anEmptyUnitIsAUnit) {
  llvm::Expected<std::unique_ptr<Unit>> read = readUnit(store(Unit()));
  ASSERT_TRUE(bool(read)) << llvm::toString(read.takeError());
  EXPECT_EQ((*read)->functions.size(), 1u);
}

TEST(Store, bytesNeedNotBeAligned) {
  std::string bytes = store(sampleUnit());
  bytes.insert(bytes.begin(), 'x');
  EXPECT_EQ(refusal(llvm::StringRef(bytes).drop_front()), "");
}

TEST(Store, everyTruncationIsRefused) {
  std::string bytes = store(sampleUnit());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_NE(refusal(llvm::StringRef(bytes).take_front(size)), "") << size;
}

TEST(Store, everyTruncationWithAForgedHashIsHarmless) {
  std::string bytes = store(sampleUnit());
  for (std::size_t size = sizeof(StoreHeader); size < bytes.size(); ++size) {
    std::string cut = bytes.substr(0, size);
    forgeHash(cut);
    llvm::Expected<std::unique_ptr<Unit>> unit = readUnit(cut);
    if (unit)
      EXPECT_EQ(inconsistency(**unit), "");
    else
      llvm::consumeError(unit.takeError());
  }
}

TEST(Store, everyFlippedBitIsNoticed) {
  std::string bytes = store(sampleUnit());
  for (std::size_t position = 0; position < bytes.size(); ++position)
    for (unsigned bit = 0; bit < 8; ++bit) {
      // The header's reserved word means nothing yet.
      if (position >= offsetof(StoreHeader, reserved) && position < offsetof(StoreHeader, formatHash))
        continue;
      std::string damaged = bytes;
      damaged[position] ^= 1u << bit;
      EXPECT_NE(refusal(damaged), "") << "byte " << position << " bit " << bit;
    }
}

/// With a right hash some flips are just other units; none may be inconsistent,
/// and most must have been refused by the checks behind the hash.
TEST(Store, everyFlippedBitWithAForgedHashIsRefusedOrConsistent) {
  std::string bytes = store(sampleUnit());
  unsigned refused = 0;
  for (std::size_t position = sizeof(StoreHeader); position < bytes.size(); ++position)
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[position] ^= 1u << bit;
      forgeHash(damaged);
      llvm::Expected<std::unique_ptr<Unit>> unit = readUnit(damaged);
      if (unit) {
        EXPECT_EQ(inconsistency(**unit), "");
        (void)store(**unit);
      } else {
        llvm::consumeError(unit.takeError());
        ++refused;
      }
    }
  EXPECT_GT(refused, bytes.size());
}

TEST(Store, anotherVersionIsNamed) {
  std::string bytes = store(sampleUnit());
  bytes[offsetof(StoreHeader, version)] += 1;
  EXPECT_THAT(refusal(bytes), HasSubstr("format version 2, this program reads version 1"));
}

TEST(Store, anotherBuildIsRefused) {
  std::string bytes = store(sampleUnit());
  bytes[offsetof(StoreHeader, formatHash)] ^= 1;
  EXPECT_THAT(refusal(bytes), HasSubstr("another build"));
}

TEST(Store, otherFilesAreNotSummaries) {
  EXPECT_THAT(refusal(""), HasSubstr("not a Gridlock summary"));
  EXPECT_THAT(refusal(std::string(4096, 'x')), HasSubstr("not a Gridlock summary"));
}

TEST(Verify, theSampleIsConsistent) { EXPECT_EQ(inconsistency(sampleUnit()), ""); }

TEST(Verify, namesTableRowAndField) {
  Unit unit = sampleUnit();
  unit.functions[2].returnType = 99;
  EXPECT_EQ(inconsistency(unit),
            "the summary is inconsistent: functions row 2: returnType is 99, but the table has 4 rows");
}

TEST(Verify, anExpressionMayNotContainItself) {
  Unit unit = sampleUnit();
  Index first = addExpr(unit, ExprKind::Load);
  unit.exprs[first].a = addExpr(unit, ExprKind::Deref, first);
  EXPECT_THAT(inconsistency(unit), HasSubstr("expressions contain themselves"));
}

TEST(Verify, aCallMayNotBeItsOwnArgument) {
  Unit unit = sampleUnit();
  unit.calls[1].arguments = addList(unit, {addExpr(unit, ExprKind::Result, 1)});
  EXPECT_THAT(inconsistency(unit), HasSubstr("expressions contain themselves"));
}

TEST(Verify, aClassMayNotHoldItselfByValueButMayPointToItself) {
  Unit unit = sampleUnit();
  unit.fields[1].type = 3; // Account *
  EXPECT_EQ(inconsistency(unit), "");
  unit.fields[1].type = 2; // Account
  EXPECT_THAT(inconsistency(unit), HasSubstr("classes contain themselves"));
}

TEST(Verify, jumpsStayInTheirFunction) {
  Unit unit = sampleUnit();
  Block block;
  block.terminator = TerminatorKind::Goto;
  block.successors = addList(unit, {1});
  unit.functions[1].blocks = addList(unit, {addRow(unit.blocks, block)});
  EXPECT_THAT(inconsistency(unit), HasSubstr("belongs to another function"));
}

TEST(Verify, aBlockBelongsToOneFunction) {
  Unit unit = sampleUnit();
  unit.functions[1].blocks = addList(unit, {1});
  EXPECT_THAT(inconsistency(unit), HasSubstr("listed twice"));
}

TEST(Verify, terminatorsHaveTheirSuccessors) {
  Unit unit = sampleUnit();
  unit.blocks[1].successors.count = 1;
  EXPECT_THAT(inconsistency(unit), HasSubstr("`Branch` needs two successors"));
}

TEST(Verify, aHugeListDoesNotWrapAround) {
  Unit unit = sampleUnit();
  unit.functions[2].blocks = {0xffffffff, 2};
  EXPECT_THAT(inconsistency(unit), HasSubstr("blocks lies outside the lists"));
}

} // namespace
