//===- ConditionsTest.cpp - Conditions become branches, arms of `?:` blocks -===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/facts/Lower.h"
#include "gtest/gtest.h"

namespace gridlock::facts::test {
namespace {

TEST(Conditions, ShortCircuit) {
  const Lowered unit = lowerWithGuard(R"(
void f(int n) {
  if ((a() && n) || !b())
    use(1);
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(int) -> void {public}
  var n : int
  b0:
    #1 = call a()
    if #1 then b1 else b2
  b1:
    if [n] then b3 else b2
  b2:
    #2 = call b()
    if #2 then b4 else b3
  b3:
    #3 = call use(1) {discarded}
    goto b4
  b4:
    return
)");
}

// The guard outlives `b()`.
TEST(Conditions, TemporariesLiveToTheEndOfTheCondition) {
  const Lowered unit = lowerWithGuard(R"(
void f(int n) {
  if (n && Guard(m).get() && b())
    use(1);
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(int) -> void {public}
  var n : int
  var %1 : Guard
  b0:
    if [n] then b1 else b8
  b1:
    begin %1
    #1 = call Guard::Guard(&%1, &m)
    #2 = call Guard::get(&%1) unwind b7
    if #2 then b2 else b6
  b2:
    #3 = call b() unwind b7
    if #3 then b3 else b5
  b3:
    #4 = call Guard::~Guard(&%1) {implicit, destructor-of-temporary}
    end %1
    goto b4
  b4:
    #5 = call use(1) {discarded}
    goto b8
  b5:
    #6 = call Guard::~Guard(&%1) {implicit, destructor-of-temporary}
    end %1
    goto b8
  b6:
    #7 = call Guard::~Guard(&%1) {implicit, destructor-of-temporary}
    end %1
    goto b8
  b7:
    #8 = call Guard::~Guard(&%1) {implicit, destructor-of-temporary}
    end %1
    resume
  b8:
    return
)");
}

TEST(Conditions, LogicalValues) {
  const Lowered unit = lowerWithGuard(R"(
bool f(int n) {
  bool both = a() && b();
  return !(both || n);
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(int) -> bool {public}
  var n : int
  var return : bool
  var both : bool
  var %1 : bool
  var %2 : bool
  b0:
    begin both
    #1 = call a()
    if #1 then b1 else b3
  b1:
    #2 = call b()
    if #2 then b2 else b3
  b2:
    %1 = 1 {init}
    goto b4
  b3:
    %1 = 0 {init}
    goto b4
  b4:
    both = [%1] {init}
    if [both] then b6 else b5
  b5:
    if [n] then b6 else b7
  b6:
    %2 = 0 {init}
    goto b8
  b7:
    %2 = 1 {init}
    goto b8
  b8:
    return = [%2] {return}
    end both
    return
)");
}

TEST(Conditions, ConditionalOperator) {
  const Lowered unit = lowerWithGuard(R"(
int f(int n) { return use(n ? use(1) : n ?: 7); }
)");
  EXPECT_EQ(unit.body("f"), R"(function f(int) -> int {public}
  var n : int
  var return : int
  var %1 : int
  var %2 : int
  var %3 : int
  b0:
    if [n] then b1 else b2
  b1:
    #1 = call use(1)
    %1 = #1 {init}
    goto b6
  b2:
    %3 = [n] {init}
    if [%3] then b3 else b4
  b3:
    %2 = [%3] {init}
    goto b5
  b4:
    %2 = 7 {init}
    goto b5
  b5:
    %1 = [%2] {init}
    goto b6
  b6:
    #2 = call use([%1])
    return = #2 {return}
    return
)");
}

TEST(Conditions, ConditionalObjectsAreMadeInPlace) {
  const Lowered unit = lowerWithGuard(R"(
Guard make();
void f(bool which) { Guard g = which ? make() : Guard(m); }
)");
  EXPECT_EQ(unit.body("f"), R"(function f(bool) -> void {public}
  var which : bool
  var g : Guard
  b0:
    begin g
    if [which] then b1 else b2
  b1:
    #1 = call make() into g
    goto b3
  b2:
    #2 = call Guard::Guard(&g, &m)
    goto b3
  b3:
    #3 = call Guard::~Guard(&g) {implicit}
    end g
    return
)");
}

TEST(Conditions, ConstantConditionsDropTheDeadArm) {
  const Lowered unit = lowerWithGuard(R"(
template <bool Locked> void g() {
  if constexpr (Locked)
    m.lock();
  if (Locked)
    use(1);
  else
    use(2);
  while (false)
    use(3);
}
template void g<true>();
)");
  EXPECT_EQ(unit.body("g"), R"(function g<true>() -> void = g {public}
  b0:
    #1 = call Mutex::lock(&m) {discarded}
    goto b1
  b1:
    #2 = call use(1) {discarded}
    goto b2
  b2:
    return
)");
}

TEST(Conditions, SwitchWithRangesAndFallThrough) {
  const Lowered unit = lowerC(R"(
int use(int);
void f(int n) {
  switch (n + 1) {
  case 1:
    use(1);
    break;
  case 2:
  case 3:
    use(2);
  default:
    use(3);
  case 7 ... 9:
    return;
  }
  use(4);
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(int) -> void {noexcept, public}
  var n : int
  b0:
    switch ([n] + 1), 1: b1, 2: b3, 3: b3, 7: b5, 8: b5, 9: b5, default: b4
  b1:
    #1 = call use(1) {discarded}
    goto b2
  b2:
    #2 = call use(4) {discarded}
    return
  b3:
    #3 = call use(2) {discarded}
    goto b4
  b4:
    #4 = call use(3) {discarded}
    goto b5
  b5:
    return
)");
}

TEST(Conditions, CasesInsideALoop) {
  const Lowered unit = lowerC(R"(
int use(int);
void f(int n) {
  int i = 0;
  switch (n % 2) {
  case 0:
    do {
      use(0);
  case 1:
      use(1);
    } while (++i < n);
  }
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(int) -> void {noexcept, public}
  var n : int
  var i : int
  b0:
    begin i
    i = 0 {init}
    switch ([n] % 2), 0: b2, 1: b1, default: b3
  b1: loop
    #1 = call use(1) {discarded}
    i = ([i] + 1) {update}
    if ([i] < [n]) then b2 else b3
  b2:
    #2 = call use(0) {discarded}
    goto b1
  b3:
    end i
    return
)");
}

TEST(Conditions, AssignmentsInConditions) {
  const Lowered unit = lowerC(R"(
struct node { struct node *next; };
int use(int);
struct node *find(int);
void f(void) {
  struct node *n;
  if ((n = find(1)) != 0)
    use(1);
  while ((n = n->next))
    use(2);
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f() -> void {noexcept, public}
  var n : node*
  b0:
    begin n
    #1 = call find(1)
    n = #1
    if (#1 != null) then b1 else b2
  b1:
    #2 = call use(1) {discarded}
    goto b2
  b2: loop
    read [n]->next
    n = [[n]->next]
    if [n] then b3 else b4
  b3:
    #3 = call use(2) {discarded}
    goto b2
  b4:
    end n
    return
)");
}

TEST(Conditions, ExpectIsItsArgument) {
  const Lowered unit = lowerC(R"(
int try_lock(void);
int use(int);
void f(void) {
  if (__builtin_expect(!!(try_lock()), 0))
    use(1);
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f() -> void {noexcept, public}
  b0:
    #1 = call try_lock()
    if #1 then b1 else b2
  b1:
    #2 = call use(1) {discarded}
    goto b2
  b2:
    return
)");
}

TEST(Conditions, DynamicCastMayGiveNull) {
  const Lowered unit = lowerCpp(R"(
struct Base { virtual void f(); };
struct Derived : Base { void g(); };
void f(Base *base) {
  if (auto *derived = dynamic_cast<Derived *>(base))
    derived->g();
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(Base*) -> void {public}
  var base : Base*
  var derived : Derived*
  var %1 : Derived*
  b0:
    begin derived
    if ? then b1 else b2
  b1:
    %1 = [base] {init}
    goto b3
  b2:
    %1 = null {init}
    goto b3
  b3:
    derived = [%1] {init}
    if [derived] then b4 else b5
  b4:
    #1 = call Derived::g([derived]) {discarded}
    goto b5
  b5:
    end derived
    return
)");
}

TEST(Conditions, ComputedGotoReachesEveryLabel) {
  const Lowered unit = lowerC(R"(
int use(int);
void f(int n) {
  static const void *table[] = {&&first, &&second};
  goto *table[n];
first:
  use(1);
second:
  use(2);
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(int) -> void {noexcept, public}
  var n : int
  b0:
    read f::table[[n]]
    switch ?, 0: b1, default: b2
  b1:
    #1 = call use(1) {discarded}
    goto b2
  b2:
    #2 = call use(2) {discarded}
    return
)");
}

TEST(Conditions, NestedConditionalTemporaries) {
  const Lowered unit = lowerWithGuard(R"(
void f(int n) {
  if (n ? Guard(m).get() : b())
    use(1);
  while ((a() || Guard(m).get()) && n)
    use(2);
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(int) -> void {public}
  var n : int
  var %1 : Guard
  var %2 : Guard
  b0:
    if [n] then b1 else b5
  b1:
    begin %1
    #1 = call Guard::Guard(&%1, &m)
    #2 = call Guard::get(&%1) unwind b4
    if #2 then b2 else b3
  b2:
    #3 = call Guard::~Guard(&%1) {implicit, destructor-of-temporary}
    end %1
    goto b6
  b3:
    #4 = call Guard::~Guard(&%1) {implicit, destructor-of-temporary}
    end %1
    goto b7
  b4:
    #5 = call Guard::~Guard(&%1) {implicit, destructor-of-temporary}
    end %1
    resume
  b5:
    #6 = call b()
    if #6 then b6 else b7
  b6:
    #7 = call use(1) {discarded}
    goto b7
  b7: loop
    #8 = call a()
    if #8 then b10 else b8
  b8:
    begin %2
    #9 = call Guard::Guard(&%2, &m)
    #10 = call Guard::get(&%2) unwind b14
    if #10 then b9 else b12
  b9:
    #11 = call Guard::~Guard(&%2) {implicit, destructor-of-temporary}
    end %2
    goto b10
  b10:
    if [n] then b11 else b13
  b11:
    #12 = call use(2) {discarded}
    goto b7
  b12:
    #13 = call Guard::~Guard(&%2) {implicit, destructor-of-temporary}
    end %2
    goto b13
  b13:
    return
  b14:
    #14 = call Guard::~Guard(&%2) {implicit, destructor-of-temporary}
    end %2
    resume
)");
}

} // namespace
} // namespace gridlock::facts::test
