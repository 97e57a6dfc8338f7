//===- CallsTest.cpp - Calls, closures, operators -------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/facts/Lower.h"
#include "gtest/gtest.h"

namespace gridlock::facts::test {
namespace {

TEST(Calls, VirtualCalls) {
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

TEST(Calls, VirtualCallsInDestructorsStay) {
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

TEST(Calls, FunctionPointers) {
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

TEST(Calls, Closures) {
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

TEST(Calls, ClosureBodies) {
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

TEST(Calls, ClosuresAsFunctionPointers) {
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

TEST(Calls, MoveIsACast) {
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

TEST(Calls, ByValueObjectsAreCopiedByTheCaller) {
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

TEST(Calls, DefaultArgumentsRunAtTheCall) {
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

TEST(Calls, OperatorsAreCalls) {
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

TEST(Calls, AtomicBuiltins) {
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

TEST(Calls, Coroutines) {
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

TEST(Calls, ExplicitObjectParameters) {
  const Lowered unit = lowerCpp23(R"(
int use(int);
struct Self { int value; int get(this Self &self) { return self.value; } };
int f(Self &s, int n) {
  auto count = [n](this auto &&self, int k) -> int { return k ? self(k - n) : n; };
  return s.get() + count(3);
}
)");
  EXPECT_EQ(unit.body("f::(lambda)"),
            R"(function f::(lambda)(f::(lambda)&, int) -> int {internal, public, lambda, inline}
  var self : f::(lambda)&
  var k : int
  var return : int
  var %1 : int
  b0:
    if [k] then b1 else b2
  b1:
    read [self]->n
    #1 = call f::(lambda)([self], ([k] - [[self]->n]))
    %1 = #1 {init}
    goto b3
  b2:
    read [self]->n
    %1 = [[self]->n] {init}
    goto b3
  b3:
    return = [%1] {return}
    return
)");
}

} // namespace
} // namespace gridlock::facts::test
