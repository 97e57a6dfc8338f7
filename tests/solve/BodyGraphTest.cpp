//===- BodyGraphTest.cpp - Blocks and loops of one function -----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/BodyGraph.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gridlock::solve {
namespace {

using ir::TerminatorKind;
using testing::ElementsAre;
using testing::IsEmpty;

/// A function of blocks 1, 2, ...; row 0 of the table is nobody's.
class Body {
public:
  void add(TerminatorKind terminator, std::initializer_list<ir::Index> successors) {
    ir::Block block;
    block.terminator = terminator;
    block.successors.first = ir::Index(Unit.lists.size());
    block.successors.count = std::uint32_t(successors.size());
    Unit.lists.insert(Unit.lists.end(), successors);
    Unit.blocks.push_back(block);
  }

  BodyGraph graph() {
    ir::Function function;
    function.blocks.first = ir::Index(Unit.lists.size());
    function.blocks.count = std::uint32_t(Unit.blocks.size() - 1);
    for (ir::Index block = 1; block < Unit.blocks.size(); ++block)
      Unit.lists.push_back(block);
    return makeGraph(Unit, function);
  }

private:
  ir::Unit Unit;
};

TEST(BodyGraph, BranchWithTwoSidesDecides) {
  Body body;
  body.add(TerminatorKind::Branch, {2, 3});
  body.add(TerminatorKind::Goto, {3});
  body.add(TerminatorKind::Return, {});
  const BodyGraph graph = body.graph();
  EXPECT_TRUE(graph.decides(0));
  EXPECT_FALSE(graph.decides(1));
  EXPECT_FALSE(graph.decides(2));
}

TEST(BodyGraph, BranchToOneBlockHasOneSuccessorAndDecidesNothing) {
  Body body;
  body.add(TerminatorKind::Branch, {2, 2});
  body.add(TerminatorKind::Return, {});
  const BodyGraph graph = body.graph();
  EXPECT_THAT(graph.successors[0], ElementsAre(1u));
  EXPECT_FALSE(graph.decides(0));
}

TEST(BodyGraph, LoopHasItsHeadAndBlocks) {
  Body body;
  body.add(TerminatorKind::Goto, {2});
  body.add(TerminatorKind::Branch, {3, 4});
  body.add(TerminatorKind::Branch, {2, 2});
  body.add(TerminatorKind::Return, {});
  const BodyGraph graph = body.graph();
  ASSERT_EQ(graph.loops.size(), 1u);
  EXPECT_EQ(graph.loops[0].head, 1u);
  EXPECT_THAT(graph.loops[0].inside, ElementsAre(false, true, true, false));
  EXPECT_EQ(graph.loops[0].size, 2u);
  EXPECT_THAT(graph.successors[3], IsEmpty());
}

} // namespace
} // namespace gridlock::solve
