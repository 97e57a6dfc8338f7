//===- HostileSummaryTest.cpp - Damaged summaries harm no room --*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `readUnit` lets through must be safe for linking, solving and every
// rule. Each bit of a small summary is flipped, and the content hash made right
// again, as somebody who forges a file would.
//
//===----------------------------------------------------------------------===//

#include "checks/Registry.h"
#include "engine/link/Program.h"
#include "engine/run/Scheduler.h"
#include "engine/solve/Solution.h"
#include "engine/summary/Store.h"
#include "models/Model.h"
#include "tests/summary/SampleUnit.h"
#include "llvm/Support/xxhash.h"
#include <cstring>
#include <gtest/gtest.h>

using namespace gridlock;

namespace {

/// The sample, with `g` named as a model's function so that models take part.
std::string storedSample() {
  ir::Unit unit = ir::sampleUnit();
  unit.functions[1].qualifiedName = ir::addString(unit, "pthread_mutex_lock");
  std::string bytes;
  llvm::raw_string_ostream stream(bytes);
  llvm::cantFail(ir::writeUnit(unit, stream));
  return bytes;
}

bool survivesAllRooms(std::unique_ptr<ir::Unit> unit, const model::Models &models) {
  std::vector<std::shared_ptr<const ir::Unit>> units{std::shared_ptr<const ir::Unit>(std::move(unit))};
  return run::runGuarded([&] {
    std::unique_ptr<link::Program> program = link::linkProgram(units, models);
    std::unique_ptr<solve::Solution> solution = solve::solve(*program, {});
    for (const RegisteredRule &rule : checks::allRules()) {
      RuleOutput output(rule.info);
      rule.run({*solution, rule.info}, output);
    }
  });
}

TEST(HostileSummary, noFlippedBitCrashesALaterRoom) {
  std::unique_ptr<model::Models> models = llvm::cantFail(model::Models::builtin());
  const std::string original = storedSample();
  unsigned solved = 0;
  for (std::size_t position = sizeof(ir::StoreHeader); position < original.size(); ++position)
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string bytes = original;
      bytes[position] ^= 1u << bit;
      std::uint64_t hash = llvm::xxh3_64bits(llvm::StringRef(bytes).drop_front(sizeof(ir::StoreHeader)));
      std::memcpy(bytes.data() + offsetof(ir::StoreHeader, contentHash), &hash, sizeof(hash));
      llvm::Expected<std::unique_ptr<ir::Unit>> unit = ir::readUnit(bytes);
      if (!unit) {
        llvm::consumeError(unit.takeError());
        continue;
      }
      ++solved;
      EXPECT_TRUE(survivesAllRooms(std::move(*unit), *models)) << "byte " << position << " bit " << bit;
    }
  EXPECT_GT(solved, 1000u);
}

} // namespace
