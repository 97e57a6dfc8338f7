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

TEST(Expressions, VirtualCalls) {
  const Lowered unit = lowerCpp(R"(
struct Base { virtual ~Base(); virtual void f(); };
struct Derived final : Base { void f() override; };
void g(Base *pointer, Base &reference, Derived *known) {
  Base object;
  pointer->f();
  reference.f();
  pointer->Base::f();
  object.f();
  known->f();
  delete pointer;
}
)");
  EXPECT_EQ(unit.body("g"), R"(function g(Base*, Base&, Derived*) -> void {public}
  var pointer : Base*
  var reference : Base&
  var known : Derived*
  var object : Base
  b0:
    begin object
    #1 = call Base::Base(&object)
    #2 = call Base::f([pointer]) {virtual, discarded} unwind b1
    #3 = call Base::f([reference]) {virtual, discarded} unwind b1
    #4 = call Base::f([pointer]) {discarded} unwind b1
    #5 = call Base::f(&object) {discarded} unwind b1
    #6 = call Derived::f([known]) {discarded} unwind b1
    #7 = call Base::~Base([pointer]) {virtual, implicit}
    #8 = call operator delete([pointer]) {delete}
    #9 = call Base::~Base(&object) {implicit}
    end object
    return
  b1:
    #10 = call Base::~Base(&object) {implicit}
    end object
    resume
)");
}

TEST(Expressions, VirtualCallsInDestructorsStay) {
  const Lowered unit = lowerCpp(R"(
struct Base { virtual ~Base(); virtual void f(); };
Base::~Base() { f(); }
)");
  EXPECT_EQ(unit.body("Base::~Base"), R"(function Base::~Base() -> void {virtual, destructor, noexcept, public}
  var this : Base*
  b0:
    #1 = call Base::f([this]) {discarded}
    return
)");
}

TEST(Expressions, FunctionPointers) {
  const Lowered unit = lowerCpp(R"(
struct Object { void method(int); };
int twice(int);
struct Table { int (*call)(int); };
void f(Table *table, int (*given)(int), Object *object, void (Object::*member)(int)) {
  table->call(1);
  given(2);
  (*given)(3);
  (object->*member)(4);
  table->call = twice;
  member = &Object::method;
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(Table*, function*, Object*, member-pointer) -> void {public}
  var table : Table*
  var given : function*
  var object : Object*
  var member : member-pointer
  b0:
    read [table]->call
    #1 = call ([[table]->call])(1) {discarded}
    #2 = call ([given])(2) {discarded}
    #3 = call ([given])(3) {discarded}
    #4 = call ([member])([object], 4) {discarded}
    [table]->call = @twice
    member = @Object::method
    return
)");
}

TEST(Expressions, Closures) {
  const Lowered unit = lowerCpp(R"(
struct Counter {
  int count;
  void run(int by) {
    int local = 1;
    auto add = [this, by, &local](int more) { count += by + more; local = more; };
    add(2);
  }
};
)");
  EXPECT_EQ(unit.body("Counter::run"), R"(function Counter::run(int) -> void {public, inline}
  var this : Counter*
  var by : int
  var local : int {address-taken}
  var add : Counter::run::(lambda)
  b0:
    begin local
    local = 1 {init}
    begin add
    add.this = [this] {init, capture}
    add.by = [by] {init, capture}
    add.local = &local {init, capture}
    #1 = call Counter::run::(lambda)(&add, 2) {discarded}
    end add
    end local
    return
)");
}

TEST(Expressions, ClosureBodies) {
  const Lowered unit = lowerCpp(R"(
struct Counter {
  int count;
  void run(int by) {
    int local = 1;
    auto add = [this, by, &local](int more) { count += by + more; local = more; };
    add(2);
  }
};
)");
  EXPECT_EQ(unit.body("Counter::run::(lambda)"),
            R"(function Counter::run::(lambda)(int) -> void {public, lambda, inline, const}
  var this : const Counter::run::(lambda)*
  var more : int
  b0:
    read [this]->by
    [[this]->this]->count = ([[[this]->this]->count] + ([[this]->by] + [more])) {update}
    *[[this]->local] = [more]
    return
)");
}

TEST(Expressions, ClosuresAsFunctionPointers) {
  const Lowered unit = lowerCpp(R"(
void start(void (*entry)(int));
void f() {
  start([](int) {});
  start([](auto) {});
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f() -> void {public}
  var %1 : f::(lambda)
  var %2 : f::(lambda)
  b0:
    begin %1
    #1 = call start(@f::(lambda)) {discarded}
    end %1
    begin %2
    #2 = call start(@f::(lambda)) {discarded}
    end %2
    return
)");
}

TEST(Expressions, MoveIsACast) {
  const Lowered unit = lowerCpp(R"(
namespace std {
template <class T> struct remove_reference { using type = T; };
template <class T> struct remove_reference<T &> { using type = T; };
template <class T> struct remove_reference<T &&> { using type = T; };
template <class T> constexpr typename remove_reference<T>::type &&move(T &&t) noexcept {
  return static_cast<typename remove_reference<T>::type &&>(t);
}
}
struct Item { Item(); Item(Item &&); ~Item(); };
void take(Item &&);
Item f() {
  Item item;
  take(std::move(item));
  return item;
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f() -> Item {public}
  var return : Item
  var item : Item {address-taken}
  b0:
    begin item
    #1 = call Item::Item(&item)
    #2 = call take(&item) {discarded} unwind b1
    #3 = call Item::Item(&return, &item) unwind b1
    #4 = call Item::~Item(&item) {implicit}
    end item
    return
  b1:
    #5 = call Item::~Item(&item) {implicit}
    end item
    resume
)");
}

TEST(Expressions, ByValueObjectsAreCopiedByTheCaller) {
  const Lowered unit = lowerCpp(R"(
struct Item { Item(const Item &); ~Item(); };
struct Plain { int x, y; };
void take(Item, Plain);
void f(const Item &item, Plain plain) { take(item, plain); }
)");
  EXPECT_EQ(unit.body("f"), R"(function f(const Item&, Plain) -> void {public}
  var item : const Item&
  var plain : Plain
  var %1 : Item
  var %2 : Plain
  b0:
    begin %1
    #1 = call Item::Item(&%1, [item])
    begin %2
    read plain
    %2 = [plain] {init}
    #2 = call take(&%1, &%2) {discarded} unwind b1
    end %2
    #3 = call Item::~Item(&%1) {implicit, destructor-of-temporary}
    end %1
    return
  b1:
    #4 = call Item::~Item(&%1) {implicit, destructor-of-temporary}
    end %1
    resume
)");
}

TEST(Expressions, DefaultArgumentsRunAtTheCall) {
  const Lowered unit = lowerWithGuard(R"(
int take(int, int more = use(7), Guard guard = Guard(m));
void f() { take(1); }
)");
  EXPECT_EQ(unit.body("f"), R"(function f() -> void {public}
  var %1 : Guard
  b0:
    #1 = call use(7)
    begin %1
    #2 = call Guard::Guard(&%1, &m)
    #3 = call take(1, #1, &%1) {discarded} unwind b1
    #4 = call Guard::~Guard(&%1) {implicit, destructor-of-temporary}
    end %1
    return
  b1:
    #5 = call Guard::~Guard(&%1) {implicit, destructor-of-temporary}
    end %1
    resume
)");
}

TEST(Expressions, OperatorsAreCalls) {
  const Lowered unit = lowerCpp(R"(
struct Number { Number &operator=(int); Number operator+(const Number &) const; int operator[](int) const; Number &operator++(); ~Number(); };
bool operator==(const Number &, int);
int f(Number &x, Number &y) {
  x = y[3];
  ++x;
  return (x + y) == 4;
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(Number&, Number&) -> int {public}
  var x : Number&
  var y : Number&
  var return : int
  var %1 : const Number {address-taken, const}
  b0:
    #1 = call Number::operator[]([y], 3)
    #2 = call Number::operator=([x], #1) {discarded}
    #3 = call Number::operator++([x]) {discarded}
    begin %1
    #4 = call Number::operator+([x], [y]) into %1
    #5 = call operator==(&%1, 4) unwind b1
    return = #5 {return}
    #6 = call Number::~Number(&%1) {implicit, destructor-of-temporary}
    end %1
    return
  b1:
    #7 = call Number::~Number(&%1) {implicit, destructor-of-temporary}
    end %1
    resume
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

TEST(Expressions, AtomicBuiltins) {
  const Lowered unit = lowerC(R"(
_Atomic int counter;
int flag, expected;
int f(void) {
  __atomic_store_n(&flag, 1, 3);
  __sync_fetch_and_add(&flag, 2);
  __c11_atomic_fetch_add(&counter, 1, 5);
  __atomic_compare_exchange_n(&flag, &expected, 2, 0, 5, 5);
  return __atomic_load_n(&flag, 2) + counter++;
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f() -> int {noexcept, public}
  var return : int
  var %1 : int
  b0:
    #1 = call __atomic_store_n(&flag, 1, 3)
    #2 = call __sync_fetch_and_add(&flag, 2) {discarded}
    #3 = call __c11_atomic_fetch_add(&counter, 1, 5)
    #4 = call __atomic_compare_exchange_n(&flag, &expected, 2, 0, 5, 5)
    #5 = call __atomic_load_n(&flag, 2)
    %1 = [counter] {init}
    counter = ([%1] + 1) {update}
    return = (#5 + [%1]) {return}
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

TEST(Expressions, Coroutines) {
  const Lowered unit = lowerCpp(R"(
namespace std {
template <class R, class... A> struct coroutine_traits { using promise_type = typename R::promise_type; };
template <class P = void> struct coroutine_handle { static coroutine_handle from_address(void *); };
template <> struct coroutine_handle<void> { template <class P> coroutine_handle(coroutine_handle<P>); static coroutine_handle from_address(void *); };
}
struct Ready { bool await_ready() noexcept; void await_suspend(std::coroutine_handle<>) noexcept; int await_resume() noexcept; };
struct Task { struct promise_type { Task get_return_object(); Ready initial_suspend() noexcept; Ready final_suspend() noexcept; void return_value(int); void unhandled_exception(); Ready yield_value(int); }; };
struct Mutex { void lock(); void unlock(); };
Task f(Mutex &m) {
  m.lock();
  int got = co_await Ready{};
  co_yield got;
  m.unlock();
  co_return got;
}
)");
  EXPECT_EQ(unit.body("f"), R"(function f(Mutex&) -> Task {public, coroutine}
  var m : Mutex&
  var return : Task
  var __promise : Task::promise_type
  var got : int
  var %1 : Ready
  var %2 : Ready
  b0:
    begin __promise
    #1 = call Mutex::lock([m]) {discarded}
    begin got
    begin %1
    suspend await
    #2 = call Ready::await_resume(&%1)
    got = #2 {init}
    end %1
    begin %2
    #3 = call Task::promise_type::yield_value(&__promise, [got]) into %2
    suspend yield
    #4 = call Ready::await_resume(&%2)
    end %2
    #5 = call Mutex::unlock([m]) {discarded}
    #6 = call Task::promise_type::return_value(&__promise, [got]) {discarded}
    end got
    end __promise
    return
)");
}

} // namespace
} // namespace gridlock::facts::test
