//===- ScopesTest.cpp - What runs when scopes are left --------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/facts/Lower.h"
#include "gtest/gtest.h"

namespace gridlock::facts::test {
namespace {

// Both guards on the return inside, the outer one at the end; `use` may throw.
TEST(Scopes, EarlyReturnDestroysInReverse) {
  const Lowered unit = lowerWithGuard(R"(
void f(int n) {
  Guard first(m);
  if (n > 3) {
    Guard second(m);
    return;
  }
  use(n);
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(int) -> void {public}
  var n : int
  var first : Guard
  var second : Guard
  b0:
    begin first
    #1 = call Guard::Guard(&first, &m)
    if ([n] > 3) then b1 else b2
  b1:
    begin second
    #2 = call Guard::Guard(&second, &m) unwind b3
    #3 = call Guard::~Guard(&second) {implicit}
    end second
    #4 = call Guard::~Guard(&first) {implicit}
    end first
    return
  b2:
    #5 = call use([n]) {discarded} unwind b3
    #6 = call Guard::~Guard(&first) {implicit}
    end first
    return
  b3:
    #7 = call Guard::~Guard(&first) {implicit}
    end first
    resume
)");
}

TEST(Scopes, BreakAndContinueLeaveTheBody) {
  const Lowered unit = lowerWithGuard(R"(
void f(int n) {
  while (n--) {
    Guard g(m);
    if (n == 5)
      break;
    if (n == 6)
      continue;
    use(n);
  }
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(int) -> void {public}
  var n : int
  var %1 : int
  var g : Guard
  b0:
    goto b1
  b1: loop
    %1 = [n] {init}
    n = ([%1] + -1) {update}
    if [%1] then b2 else b8
  b2:
    begin g
    #1 = call Guard::Guard(&g, &m)
    if ([n] == 5) then b3 else b4
  b3:
    #2 = call Guard::~Guard(&g) {implicit}
    end g
    goto b8
  b4:
    if ([n] == 6) then b5 else b6
  b5:
    #3 = call Guard::~Guard(&g) {implicit}
    end g
    goto b1
  b6:
    #4 = call use([n]) {discarded} unwind b7
    #5 = call Guard::~Guard(&g) {implicit}
    end g
    goto b1
  b7:
    #6 = call Guard::~Guard(&g) {implicit}
    end g
    resume
  b8:
    return
)");
}

TEST(Scopes, GotoLeavesTheScopesThatDoNotHoldItsLabel) {
  const Lowered unit = lowerWithGuard(R"(
void f(int n) {
  Guard outer(m);
again:
  {
    Guard inner(m);
    if (n--)
      goto again;
    if (n == 7)
      goto out;
  }
  use(1);
out:
  use(2);
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(int) -> void {public}
  var n : int
  var outer : Guard
  var inner : Guard
  var %1 : int
  b0:
    begin outer
    #1 = call Guard::Guard(&outer, &m)
    goto b1
  b1: loop
    begin inner
    #2 = call Guard::Guard(&inner, &m) unwind b7
    %1 = [n] {init}
    n = ([%1] + -1) {update}
    if [%1] then b2 else b3
  b2:
    #3 = call Guard::~Guard(&inner) {implicit}
    end inner
    goto b1
  b3:
    if ([n] == 7) then b4 else b5
  b4:
    #4 = call Guard::~Guard(&inner) {implicit}
    end inner
    goto b6
  b5:
    #5 = call Guard::~Guard(&inner) {implicit}
    end inner
    #6 = call use(1) {discarded} unwind b7
    goto b6
  b6:
    #7 = call use(2) {discarded} unwind b7
    #8 = call Guard::~Guard(&outer) {implicit}
    end outer
    return
  b7:
    #9 = call Guard::~Guard(&outer) {implicit}
    end outer
    resume
)");
}

TEST(Scopes, TemporariesDieAtTheEndOfTheFullExpression) {
  const Lowered unit = lowerWithGuard(R"(
int take(Guard, int);
int f(int n) { return take(Guard(m), use(n)); }
)");
  EXPECT_EQ(unit.body("f"), R"(function f(int) -> int {public}
  var n : int
  var return : int
  var %1 : Guard
  b0:
    begin %1
    #1 = call Guard::Guard(&%1, &m)
    #2 = call use([n]) unwind b1
    #3 = call take(&%1, #2) unwind b1
    return = #3 {return}
    #4 = call Guard::~Guard(&%1) {implicit, destructor-of-temporary}
    end %1
    return
  b1:
    #5 = call Guard::~Guard(&%1) {implicit, destructor-of-temporary}
    end %1
    resume
)");
}

TEST(Scopes, ReferencesExtendTheLifeOfTemporaries) {
  const Lowered unit = lowerWithGuard(R"(
Guard make();
void f() {
  const Guard &kept = make();
  use(1);
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f() -> void {public}
  var kept : const Guard&
  var %1 : const Guard {address-taken, const}
  b0:
    begin kept
    begin %1
    #1 = call make() into %1
    kept = &%1 {init}
    #2 = call use(1) {discarded} unwind b1
    end kept
    #3 = call Guard::~Guard(&%1) {implicit}
    end %1
    return
  b1:
    #4 = call Guard::~Guard(&%1) {implicit}
    end %1
    resume
)");
}

TEST(Scopes, DiscardedGuardIsMarked) {
  const Lowered unit = lowerWithGuard(R"(
Guard make();
void f() {
  Guard{m};
  make();
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f() -> void {public}
  var %1 : Guard {discarded}
  var %2 : Guard {discarded}
  b0:
    begin %1
    #1 = call Guard::Guard(&%1, &m)
    #2 = call Guard::~Guard(&%1) {implicit, destructor-of-temporary}
    end %1
    begin %2
    #3 = call make() into %2 {discarded}
    #4 = call Guard::~Guard(&%2) {implicit, destructor-of-temporary}
    end %2
    return
)");
}

TEST(Scopes, ConditionVariablesDieOnBothEdges) {
  const Lowered unit = lowerWithGuard(R"(
void f() {
  while (Guard g{m})
    use(1);
  if (Guard g{m}; g.get())
    use(2);
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f() -> void {public}
  var g : Guard
  var g.2 : Guard
  b0:
    goto b1
  b1: loop
    begin g
    #1 = call Guard::Guard(&g, &m)
    #2 = call Guard::operator bool(&g) unwind b8
    if #2 then b2 else b3
  b2:
    #3 = call use(1) {discarded} unwind b8
    #4 = call Guard::~Guard(&g) {implicit}
    end g
    goto b1
  b3:
    #5 = call Guard::~Guard(&g) {implicit}
    end g
    goto b4
  b4:
    begin g.2
    #6 = call Guard::Guard(&g.2, &m)
    #7 = call Guard::get(&g.2) unwind b7
    if #7 then b5 else b6
  b5:
    #8 = call use(2) {discarded} unwind b7
    goto b6
  b6:
    #9 = call Guard::~Guard(&g.2) {implicit}
    end g.2
    return
  b7:
    #10 = call Guard::~Guard(&g.2) {implicit}
    end g.2
    resume
  b8:
    #11 = call Guard::~Guard(&g) {implicit}
    end g
    resume
)");
}

TEST(Scopes, DestructorsEndWithMembersAndBases) {
  const Lowered unit = lowerWithGuard(R"(
struct Base { virtual ~Base(); Guard own; };
struct Derived : Base { ~Derived(); Guard first, second; };
Derived::~Derived() { if (a()) return; use(1); }
)");
  EXPECT_EQ(unit.body("Derived::~Derived"),
            R"(function Derived::~Derived() -> void {virtual, destructor, noexcept, public}
  overrides Base::~Base
  var this : Derived*
  b0:
    #1 = call a() unwind b3
    if #1 then b1 else b2
  b1:
    #2 = call Guard::~Guard(&[this]->second) {implicit}
    #3 = call Guard::~Guard(&[this]->first) {implicit}
    #4 = call Base::~Base([this]) {implicit}
    return
  b2:
    #5 = call use(1) {discarded} unwind b3
    #6 = call Guard::~Guard(&[this]->second) {implicit}
    #7 = call Guard::~Guard(&[this]->first) {implicit}
    #8 = call Base::~Base([this]) {implicit}
    return
  b3:
    #9 = call Guard::~Guard(&[this]->second) {implicit}
    goto b4
  b4:
    #10 = call Guard::~Guard(&[this]->first) {implicit}
    goto b5
  b5:
    #11 = call Base::~Base([this]) {implicit}
    resume
)");
}

TEST(Scopes, ImplicitDestructorsAreWritten) {
  const Lowered unit = lowerWithGuard(R"(
struct Holder { Guard first; int number; Guard second; };
void f(Holder *holder) { delete holder; }
)");
  EXPECT_EQ(unit.body("Holder::~Holder"),
            R"(function Holder::~Holder() -> void {destructor, noexcept, public, implicit, inline}
  var this : Holder*
  b0:
    #1 = call Guard::~Guard(&[this]->second) {implicit}
    #2 = call Guard::~Guard(&[this]->first) {implicit}
    return
)");
}

TEST(Scopes, CleanupAttributeRunsOnEveryExit) {
  const Lowered unit = lowerC(R"(
struct lock { int held; };
void release(struct lock **l);
int f(struct lock *l, int n) {
  __attribute__((cleanup(release))) struct lock *held = l;
  if (n)
    return 1;
  goto out;
out:
  return 2;
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(lock*, int) -> int {noexcept, public}
  var l : lock*
  var n : int
  var return : int
  var held : lock* {address-taken}
  b0:
    begin held
    held = [l] {init}
    if [n] then b1 else b2
  b1:
    return = 1 {return}
    #1 = call release(&held) {implicit}
    end held
    return
  b2:
    goto b3
  b3:
    return = 2 {return}
    #2 = call release(&held) {implicit}
    end held
    return
)");
}

TEST(Scopes, LocalStaticsAreMadeOnce) {
  const Lowered unit = lowerWithGuard(R"(
int f() {
  static Guard once(m);
  static int counter = 3;
  return counter;
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f() -> int {public}
  var return : int
  b0:
    if ? then b1 else b2
  b1:
    once-begin f::once
    #1 = call Guard::Guard(&f::once, &m)
    once-end f::once
    goto b2
  b2:
    read f::counter
    return = [f::counter] {return}
    return
)");
}

TEST(Scopes, ArraysOfObjects) {
  const Lowered unit = lowerWithGuard(R"(
struct Holder { Guard pair[2]; };
void f() {
  Guard local[2] = {m, m};
  Holder holder{m, m};
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f() -> void {public}
  var local : Guard[2]
  var holder : Holder
  b0:
    begin local
    #1 = call Guard::Guard(&local[0], &m)
    #2 = call Guard::Guard(&local[1], &m)
    begin holder
    #3 = call Guard::Guard(&holder.pair[0], &m) unwind b1
    #4 = call Guard::Guard(&holder.pair[1], &m) unwind b1
    #5 = call Holder::~Holder(&holder) {implicit}
    end holder
    #6 = call Guard::~Guard(&local[1]) {implicit}
    #7 = call Guard::~Guard(&local[0]) {implicit}
    end local
    return
  b1:
    #8 = call Guard::~Guard(&local[1]) {implicit}
    #9 = call Guard::~Guard(&local[0]) {implicit}
    end local
    resume
)");
}

} // namespace
} // namespace gridlock::facts::test
