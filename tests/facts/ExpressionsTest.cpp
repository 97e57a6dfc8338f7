//===- ExpressionsTest.cpp - Values, places, calls ------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/facts/Lower.h"
#include "gtest/gtest.h"

namespace gridlock::facts::test {
namespace {

TEST(Expressions, PointersAndArrays) {
  const Lowered unit = lowerC(R"(
struct item { int values[4]; struct item *next; };
int f(struct item *p, int i) {
  int local[4];
  local[2] = *(local + 1);
  int *q = p->values + 3;
  *q = p[0].values[i] + q[-1] + *p->next->values;
  return (*p).values[0];
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(item*, int) -> int {noexcept, public}
  var p : item*
  var i : int
  var return : int
  var local : int[4] {address-taken}
  var q : int*
  b0:
    begin local
    read local[1]
    local[2] = [local[1]]
    begin q
    q = &[p]->values[3] {init}
    read [p]->values[[i]]
    read (*[q])[-1]
    read [p]->next
    read [[p]->next]->values[0]
    *[q] = (([[p]->values[[i]]] + [(*[q])[-1]]) + [[[p]->next]->values[0]])
    read [p]->values[0]
    return = [[p]->values[0]] {return}
    end q
    end local
    return
)");
}

// `*p` is loaded before the call may change it.
TEST(Expressions, OldValuesAreKept) {
  const Lowered unit = lowerC(R"(
int use(int);
int f(int *p, int i) {
  int old = i++ + i;
  *p++ = old;
  p[i] += use(i--);
  return *p + use(1);
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(int*, int) -> int {noexcept, public}
  var p : int*
  var i : int
  var return : int
  var old : int
  var %1 : int
  var %2 : int*
  var %3 : int
  var %4 : int
  b0:
    begin old
    %1 = [i] {init}
    i = ([%1] + 1) {update}
    old = ([%1] + [i]) {init}
    %2 = [p] {init}
    p = &(*[%2])[1] {update}
    *[%2] = [old]
    %3 = [i] {init}
    i = ([%3] + -1) {update}
    #1 = call use([%3])
    (*[p])[[i]] = ([(*[p])[[i]]] + #1) {update}
    read *[p]
    %4 = [*[p]] {init}
    #2 = call use(1)
    return = ([%4] + #2) {return}
    end old
    return
)");
}

TEST(Expressions, RangeFor) {
  const Lowered unit = lowerCpp(R"(
struct Iterator { int &operator*() const; Iterator &operator++(); bool operator!=(const Iterator &) const; };
struct Range { Iterator begin(); Iterator end(); };
int use(int);
void f(Range &range, int (&array)[3]) {
  for (int &x : range)
    use(x);
  for (int y : array)
    use(y);
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(Range&, int[3]&) -> void {public}
  var range : Range&
  var array : int[3]&
  var __range1 : Range&
  var __begin1 : Iterator
  var __end1 : Iterator {address-taken}
  var x : int&
  var __range1.2 : int[3]&
  var __begin1.2 : int*
  var __end1.2 : int*
  var y : int
  b0:
    begin __range1
    __range1 = [range] {init}
    begin __begin1
    #1 = call Range::begin([__range1]) into __begin1
    begin __end1
    #2 = call Range::end([__range1]) into __end1
    goto b1
  b1: loop
    #3 = call Iterator::operator!=(&__begin1, &__end1)
    if #3 then b2 else b3
  b2:
    begin x
    #4 = call Iterator::operator*(&__begin1)
    x = #4 {init}
    read *[x]
    #5 = call use([*[x]]) {discarded}
    end x
    #6 = call Iterator::operator++(&__begin1) {discarded}
    goto b1
  b3:
    end __end1
    end __begin1
    end __range1
    begin __range1.2
    __range1.2 = [array] {init}
    begin __begin1.2
    __begin1.2 = &(*[__range1.2])[0] {init}
    begin __end1.2
    __end1.2 = &(*[__range1.2])[3] {init}
    goto b4
  b4: loop
    if ([__begin1.2] != [__end1.2]) then b5 else b6
  b5:
    begin y
    read *[__begin1.2]
    y = [*[__begin1.2]] {init}
    #7 = call use([y]) {discarded}
    end y
    __begin1.2 = &(*[__begin1.2])[1] {update}
    goto b4
  b6:
    end __end1.2
    end __begin1.2
    end __range1.2
    return
)");
}

TEST(Expressions, StructuredBindings) {
  const Lowered unit = lowerCpp(R"(
struct Pair { int first; int *second; };
Pair make();
int f() {
  auto [x, y] = make();
  auto &[u, v] = *new Pair{1, y};
  return x + u + *v;
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f() -> int {public}
  var return : int
  var unnamed : Pair
  var unnamed.2 : Pair&
  b0:
    begin unnamed
    #1 = call make() into unnamed
    begin unnamed.2
    #2 = call operator new(sizeof) {new}
    #2->first = 1 {init}
    read unnamed.second
    #2->second = [unnamed.second] {init}
    unnamed.2 = #2 {init}
    read unnamed.first
    read [unnamed.2]->first
    read [unnamed.2]->second
    read *[[unnamed.2]->second]
    return = (([unnamed.first] + [[unnamed.2]->first]) + [*[[unnamed.2]->second]]) {return}
    end unnamed.2
    end unnamed
    return
)");
}

TEST(Expressions, AggregatesAreAssignedFieldByField) {
  const Lowered unit = lowerCpp(R"(
struct Point { int x, y; };
struct Shape { Point corner; int *data; int kind = 4; int twice = kind * 2; };
void f(int n) {
  Shape shape{{n}, &n};
  Shape other{};
  other = shape;
  int numbers[3] = {1, n};
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(int) -> void {public}
  var n : int {address-taken}
  var shape : Shape
  var other : Shape
  var numbers : int[3]
  b0:
    begin shape
    read n
    shape.corner.x = [n] {init}
    shape.corner.y = 0 {init}
    shape.data = &n {init}
    shape.kind = 4 {init}
    read shape.kind
    shape.twice = ([shape.kind] * 2) {init}
    begin other
    other.corner.x = 0 {init}
    other.corner.y = 0 {init}
    other.data = null {init}
    other.kind = 4 {init}
    read other.kind
    other.twice = ([other.kind] * 2) {init}
    read shape
    other = [shape]
    begin numbers
    numbers[0] = 1 {init}
    read n
    numbers[1] = [n] {init}
    end numbers
    end other
    end shape
    return
)");
}

TEST(Expressions, NewAndDelete) {
  const Lowered unit = lowerWithGuard(R"(
void *operator new(decltype(sizeof 0), void *place) noexcept;
void f(void *place) {
  Guard *one = new Guard(m);
  delete one;
  int *numbers = new int[4];
  delete[] numbers;
  Guard *there = new (place) Guard(m);
  there->~Guard();
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(void*) -> void {public}
  var place : void*
  var one : Guard*
  var numbers : int*
  var there : Guard*
  var %1 : Guard*
  b0:
    begin one
    #1 = call operator new(sizeof) {new}
    #2 = call Guard::Guard(#1, &m)
    one = #1 {init}
    #3 = call Guard::~Guard([one]) {implicit}
    #4 = call operator delete([one]) {delete}
    begin numbers
    #5 = call operator new[](sizeof) {new}
    numbers = #5 {init}
    #6 = call operator delete[]([numbers]) {delete}
    begin there
    %1 = [place] {init}
    #7 = call Guard::Guard([%1], &m)
    there = [%1] {init}
    #8 = call Guard::~Guard([there]) {discarded}
    end there
    end numbers
    end one
    return
)");
}

TEST(Expressions, StatementExpressions) {
  const Lowered unit = lowerC(R"(
int use(int);
int f(int n) {
  return ({ int twice = n * 2; use(twice); twice + 1; });
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(int) -> int {noexcept, public}
  var n : int
  var return : int
  var twice : int
  var %1 : int
  b0:
    begin twice
    twice = ([n] * 2) {init}
    #1 = call use([twice]) {discarded}
    %1 = ([twice] + 1) {init}
    end twice
    return = [%1] {return}
    return
)");
}

TEST(Expressions, StructsInC) {
  const Lowered unit = lowerC(R"(
struct pair { int x, y; };
struct pair make(void);
void take(struct pair);
int f(struct pair given) {
  struct pair copy = given, made = make();
  take(copy);
  take((struct pair){.y = 3});
  copy = made = given;
  return make().x;
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(pair) -> int {noexcept, public}
  var given : pair
  var return : int
  var copy : pair
  var made : pair
  var %1 : pair
  var %2 : pair
  var %3 : pair
  var %4 : pair
  b0:
    begin copy
    read given
    copy = [given] {init}
    begin made
    #1 = call make() into made
    begin %1
    read copy
    %1 = [copy] {init}
    #2 = call take(&%1) {discarded}
    end %1
    begin %2
    begin %3
    %3.x = 0 {init}
    %3.y = 3 {init}
    %2 = [%3] {init}
    #3 = call take(&%2) {discarded}
    end %2
    read given
    made = [given]
    read made
    copy = [made]
    begin %4
    #4 = call make() into %4
    read %4.x
    return = [%4.x] {return}
    end %4
    end made
    end copy
    return
)");
}

// Only places that others may reach are read events.
TEST(Expressions, ReadsOfSharedPlaces) {
  const Lowered unit = lowerCpp(R"(
int global;
struct S { int field; };
int f(S *s, int plain) {
  int local = plain, taken = 1;
  int *pointer = &taken;
  return global + s->field + plain + local + taken + *pointer;
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(S*, int) -> int {public}
  var s : S*
  var plain : int
  var return : int
  var local : int
  var taken : int {address-taken}
  var pointer : int*
  b0:
    begin local
    local = [plain] {init}
    begin taken
    taken = 1 {init}
    begin pointer
    pointer = &taken {init}
    read global
    read [s]->field
    read taken
    read *[pointer]
    return = ((((([global] + [[s]->field]) + [plain]) + [local]) + [taken]) + [*[pointer]]) {return}
    end pointer
    end taken
    end local
    return
)");
}

TEST(Expressions, PairsAreAccessedByField) {
  const Lowered unit = lowerCpp(R"(
namespace std {
template <class A, class B> struct pair { A first; B second; };
template <unsigned long I, class A, class B> auto &get(pair<A, B> &p);
template <class T> struct tuple_size; template <class A, class B> struct tuple_size<pair<A, B>> { static constexpr unsigned long value = 2; };
template <unsigned long I, class T> struct tuple_element; template <class A, class B> struct tuple_element<0, pair<A, B>> { using type = A; };
template <class A, class B> struct tuple_element<1, pair<A, B>> { using type = B; };
template <unsigned long I, class A, class B> auto &get(pair<A, B> &p) { if constexpr (I == 0) return p.first; else return p.second; }
}
int f(std::pair<int, long> &pair) {
  auto &[x, y] = pair;
  return x + std::get<1>(pair) + y;
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(std::pair&) -> int {public}
  var pair : std::pair&
  var return : int
  var unnamed : std::pair&
  var x : int&
  var y : long&
  b0:
    begin unnamed
    unnamed = [pair] {init}
    begin x
    x = &[unnamed]->first {init}
    begin y
    y = &[unnamed]->second {init}
    read *[x]
    read [pair]->second
    read *[y]
    return = (([*[x]] + [[pair]->second]) + [*[y]]) {return}
    end y
    end x
    end unnamed
    return
)");
}

TEST(Expressions, InitializerLists) {
  const Lowered unit = lowerCpp(R"(
namespace std { template <class E> class initializer_list { const E *array; unsigned long length; public: const E *begin() const; const E *end() const; }; }
struct Mutex {};
void lockAll(std::initializer_list<Mutex *> all);
void f(Mutex &a, Mutex &b) { lockAll({&a, &b}); }
)");
  EXPECT_EQ(unit.body("f"), R"(function f(Mutex&, Mutex&) -> void {public}
  var a : Mutex&
  var b : Mutex&
  var %1 : std::initializer_list
  var %2 : Mutex* const[2] {address-taken, const}
  b0:
    begin %1
    begin %2
    %2[0] = [a] {init}
    %2[1] = [b] {init}
    %1.array = &%2[0] {init}
    %1.length = 2 {init}
    #1 = call lockAll(&%1) {discarded}
    end %1
    end %2
    return
)");
}

} // namespace
} // namespace gridlock::facts::test
