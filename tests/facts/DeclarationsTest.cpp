//===- DeclarationsTest.cpp - Globals, tables, attributes -----------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/facts/Lower.h"
#include "gtest/gtest.h"

namespace gridlock::facts::test {
namespace {

TEST(Declarations, GlobalsAreInitialisedInOneFunction) {
  const Lowered unit = lowerC(R"(
int open_file(int);
void close_file(void);
struct operations { const char *name; int (*open)(int); void (*close)(void); int flags[2]; };
static const struct operations table[] = {
    {.name = "disk", .open = open_file, .close = close_file},
    [2] = {.name = "net", .open = open_file},
};
int numbers[] = {1, 2, 3, 4};
static int (*entry)(int) = open_file;
void f(void) { static void (*once)(void) = close_file; }
)");
  EXPECT_EQ(unit.body("(global initialisation)"),
            R"(function (global initialisation)() -> void {internal, global-initializer}
  b0:
    table[0].name = "disk" {init}
    table[0].open = @open_file {init}
    table[0].close = @close_file {init}
    table[2].name = "net" {init}
    table[2].open = @open_file {init}
    table[2].close = null {init}
    entry = @open_file {init}
    f::once = @close_file {init}
    return
)");
}

TEST(Declarations, DynamicInitialisersRunThere) {
  const Lowered unit = lowerWithGuard(R"(
Guard whole(m);
static int answer = use(1);
template <class T> struct Holder { static int shared; };
template <class T> int Holder<T>::shared = use(2);
int reader() { return Holder<int>::shared; }
auto worker = [](int n) { return use(n); };
)");
  EXPECT_EQ(unit.body("(global initialisation)"),
            R"(function (global initialisation)() -> void {internal, global-initializer}
  b0:
    #1 = call Guard::Guard(&whole, &m)
    #2 = call use(1)
    answer = #2 {init}
    #3 = call use(2)
    Holder::shared = #3 {init}
    return
)");
}

TEST(Declarations, AttributesNameLocksOfParameters) {
  const Lowered unit = lowerCpp(R"(
#define A(x) __attribute__((x))
struct A(capability("mutex")) Mutex { void lock() A(acquire_capability()); bool tryLock() A(try_acquire_capability(true)); };
struct Account {
  Mutex mutex;
  int balance A(guarded_by(mutex));
  int *history A(pt_guarded_by(mutex));
  void add(int n) A(requires_capability(mutex));
  void move(Account *other) A(acquire_capability(mutex, other->mutex)) A(locks_excluded(other->mutex));
  Mutex &get() A(lock_returned(mutex));
};
void use(Account *account, Mutex &outer, Mutex *inner) A(requires_capability(account->mutex, outer)) A(release_capability(*inner));
void call(Account *a, Mutex &m) { a->add(1); a->move(a); a->get(); use(a, m, &m); m.lock(); m.tryLock(); }
)");
  EXPECT_EQ(unit.body("use"), R"(function use(Account*, Mutex&, Mutex*) -> void {public}
  requires([account]->mutex, *[outer])
  release(*[inner])
)");
}

TEST(Declarations, AttributesOfMethods) {
  const Lowered unit = lowerCpp(R"(
#define A(x) __attribute__((x))
struct A(capability("mutex")) Mutex {};
struct Account {
  Mutex mutex;
  void move(Account *other) A(acquire_capability(mutex, other->mutex)) { balance = other->balance; }
  int balance;
};
)");
  EXPECT_EQ(unit.body("Account::move"), R"(function Account::move(Account*) -> void {public, inline}
  acquire([this]->mutex, [other]->mutex)
  var this : Account*
  var other : Account*
  b0:
    read [other]->balance
    [this]->balance = [[other]->balance]
    return
)");
}

TEST(Declarations, TryAcquireTellsItsSuccess) {
  const Lowered unit = lowerCpp(R"(
#define A(x) __attribute__((x))
struct A(capability("mutex")) Mutex { int tryLock() A(try_acquire_capability(0)); };
void f(Mutex &m) { m.tryLock(); }
)");
  EXPECT_EQ(unit.body("Mutex::tryLock"), R"(function Mutex::tryLock() -> int {public}
  try_acquire() = 0
)");
}

TEST(Declarations, AtomicMembersOfTheStandardLibrary) {
  const Lowered unit = lowerCpp(R"(
namespace std { inline namespace __1 { template <class T> struct atomic { T operator++(); operator T() const; }; } }
std::atomic<int> counter;
int f() { ++counter; return counter; }
)");
  EXPECT_EQ(unit.body("f"), R"(function f() -> int {public}
  var return : int
  b0:
    #1 = call std::atomic<int>::operator++(&counter) {discarded}
    #2 = call std::atomic<int>::operator int(&counter)
    return = #2 {return}
    return
)");
}

} // namespace
} // namespace gridlock::facts::test
