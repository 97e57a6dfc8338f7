//===- ExceptionsTest.cpp - What runs when something throws ---------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/facts/Lower.h"
#include "gtest/gtest.h"

namespace gridlock::facts::test {
namespace {

TEST(Exceptions, TryCatchesAndPassesOn) {
  const Lowered unit = lowerWithGuard(R"(
struct Error {};
int f() {
  try {
    Guard g(m);
    use(1);
  } catch (const Error &e) {
    use(2);
    throw;
  } catch (int) {
    return 5;
  }
  return 6;
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f() -> int {public}
  var return : int
  var g : Guard
  var e : const Error&
  var unnamed : int
  b0:
    begin g
    #1 = call Guard::Guard(&g, &m) unwind b2
    #2 = call use(1) {discarded} unwind b1
    #3 = call Guard::~Guard(&g) {implicit}
    end g
    return = 6 {return}
    return
  b1:
    #4 = call Guard::~Guard(&g) {implicit}
    end g
    goto b2
  b2:
    catch b3 b4 b5
  b3:
    begin e
    e = ? {init}
    #5 = call use(2) {discarded}
    throw
  b4:
    begin unnamed
    unnamed = ? {init}
    return = 5 {return}
    end unnamed
    return
  b5:
    resume
)");
}

TEST(Exceptions, CatchAllEndsTheSearch) {
  const Lowered unit = lowerWithGuard(R"(
void f() {
  Guard g(m);
  try {
    throw 1;
  } catch (...) {
    use(1);
  }
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f() -> void {public}
  var g : Guard
  b0:
    begin g
    #1 = call Guard::Guard(&g, &m)
    throw to b1
  b1:
    catch b2
  b2:
    #2 = call use(1) {discarded} unwind b3
    #3 = call Guard::~Guard(&g) {implicit}
    end g
    return
  b3:
    #4 = call Guard::~Guard(&g) {implicit}
    end g
    resume
)");
}

TEST(Exceptions, ConstructorsUndoWhatIsMade) {
  const Lowered unit = lowerWithGuard(R"(
struct Pair {
  Guard first, second;
  int third = use(9);
  Pair() : first(m), second(m) { use(1); }
};
)");
  EXPECT_EQ(unit.body("Pair::Pair"), R"(function Pair::Pair() -> void {constructor, public, inline}
  var this : Pair*
  b0:
    #1 = call Guard::Guard(&[this]->first, &m)
    #2 = call Guard::Guard(&[this]->second, &m) unwind b2
    #3 = call use(9) unwind b1
    [this]->third = #3 {init}
    #4 = call use(1) {discarded} unwind b1
    return
  b1:
    #5 = call Guard::~Guard(&[this]->second) {implicit}
    goto b2
  b2:
    #6 = call Guard::~Guard(&[this]->first) {implicit}
    resume
)");
}

TEST(Exceptions, NoReturnEndsTheBlock) {
  const Lowered unit = lowerWithGuard(R"(
[[noreturn]] void die();
void f(int n) {
  Guard g(m);
  if (n)
    die();
  use(n);
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(int) -> void {public}
  var n : int
  var g : Guard
  b0:
    begin g
    #1 = call Guard::Guard(&g, &m)
    if [n] then b1 else b2
  b1:
    #2 = call die() {discarded} unwind b3
    unreachable
  b2:
    #3 = call use([n]) {discarded} unwind b3
    #4 = call Guard::~Guard(&g) {implicit}
    end g
    return
  b3:
    #5 = call Guard::~Guard(&g) {implicit}
    end g
    resume
)");
}

TEST(Exceptions, NonThrowingCalleesHaveNoUnwindEdge) {
  const Lowered unit = lowerWithGuard(R"(
void quiet() noexcept;
void f() {
  Guard g(m);
  quiet();
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f() -> void {public}
  var g : Guard
  b0:
    begin g
    #1 = call Guard::Guard(&g, &m)
    #2 = call quiet() {discarded}
    #3 = call Guard::~Guard(&g) {implicit}
    end g
    return
)");
}

// The member is destroyed before the handler runs.
TEST(Exceptions, ConstructorsHandlersThrowAgain) {
  const Lowered unit = lowerWithGuard(R"(
struct Whole {
  Guard guard;
  Whole() try : guard(m) { use(1); } catch (...) { use(2); }
};
)");
  EXPECT_EQ(unit.body("Whole::Whole"), R"(function Whole::Whole() -> void {constructor, public, inline}
  var this : Whole*
  b0:
    #1 = call Guard::Guard(&[this]->guard, &m) unwind b2
    #2 = call use(1) {discarded} unwind b1
    return
  b1:
    #3 = call Guard::~Guard(&[this]->guard) {implicit}
    goto b2
  b2:
    catch b3
  b3:
    #4 = call use(2) {discarded}
    throw
)");
}

} // namespace
} // namespace gridlock::facts::test
