//===- SymbolsTest.cpp - Names, types, classes, places --------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/facts/Lower.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <set>

namespace gridlock::facts::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

std::vector<std::string> lambdaNames(const Lowered &unit) {
  std::vector<std::string> names;
  for (const ir::Function &function : unit.unit->functions)
    if (function.flags & ir::FunctionIsLambda)
      names.push_back(unit.unit->strings[function.usr]);
  return names;
}

const ir::Record *recordNamed(const Lowered &unit, std::string_view qualifiedName) {
  for (const ir::Record &record : unit.unit->records)
    if (unit.unit->text(record.qualifiedName) == qualifiedName)
      return &record;
  return nullptr;
}

TEST(Symbols, QualifiedNamesDropArgumentsAndInlineNamespaces) {
  const Lowered unit = lowerCpp(R"(
namespace std { inline namespace __1 {
template <class M> struct lock_guard { lock_guard(M &); ~lock_guard(); explicit operator bool() const; };
} }
namespace { struct Local { void operator()() {} Local &operator=(int); }; }
void f(int &m) {
  std::lock_guard<int> guard(m);
  if (guard)
    Local{}();
}
)");
  std::set<std::string> names;
  for (const ir::Function &function : unit.unit->functions)
    names.insert(unit.unit->strings[function.qualifiedName]);
  EXPECT_THAT(names, Contains("std::lock_guard::lock_guard"));
  EXPECT_THAT(names, Contains("std::lock_guard::~lock_guard"));
  EXPECT_THAT(names, Contains("std::lock_guard::operator bool"));
  EXPECT_THAT(names, Contains("(anonymous namespace)::Local::operator()"));
  const ir::Record *guard = recordNamed(unit, "std::lock_guard");
  ASSERT_TRUE(guard);
  EXPECT_EQ(unit.unit->text(guard->displayName), "std::lock_guard<int>");
  ASSERT_EQ(guard->templateArguments.count, 1u);
  EXPECT_EQ(unit.unit->types[unit.unit->lists[guard->templateArguments.first]].kind, ir::TypeKind::Integer);
}

TEST(Symbols, ClosuresOfOneFunctionHaveNamesOfTheirOwn) {
  const std::string text = R"(
template <class F> void call(F f) { f(); }
inline void f() {
  call([] {});
  call([] {}); call([] {});
}
)";
  const Lowered unit = lowerCpp(text);
  const std::vector<std::string> names = lambdaNames(unit);
  ASSERT_EQ(names.size(), 3u);
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), 3u);
  // The three instantiations of `call` are three functions.
  std::set<std::string> calls;
  for (const ir::Function &function : unit.unit->functions)
    if (unit.unit->text(function.qualifiedName) == "call")
      calls.insert(unit.unit->strings[function.usr]);
  EXPECT_EQ(calls.size(), 3u);
  // An edit above the function renames nothing.
  EXPECT_EQ(lambdaNames(lowerCpp("int above;\n\n" + text)), names);
}

TEST(Symbols, LongNamesAreCutButStayApart) {
  const Lowered unit = lowerCpp(R"(
template <class A, class B> struct Both {};
template <class T> struct Grow { using type = Both<T, T>; };
template <int N> struct Many { using type = typename Grow<typename Many<N - 1>::type>::type; };
template <> struct Many<0> { using type = int; };
template <class T> int size(T *) { return 1; }
int f() { return size((Many<9>::type *)nullptr) + size((Many<10>::type *)nullptr); }
)");
  std::set<std::string> names;
  for (const ir::Function &function : unit.unit->functions)
    if (unit.unit->text(function.qualifiedName) == "size") {
      names.insert(unit.unit->strings[function.usr]);
      EXPECT_LT(unit.unit->strings[function.displayName].size(), 1001u);
    }
  EXPECT_EQ(names.size(), 2u);
  for (const std::string &name : names)
    EXPECT_LT(name.size(), 1001u);
}

TEST(Symbols, LibraryTypedefsKeepTheirNames) {
  const Lowered unit = lower("/src/a.c", {"-std=gnu17", "-isystem", "/sys"},
                             {{"/src/a.c", R"(#include <threads.h>
typedef mtx_t my_lock;
typedef struct { int x; } unnamed_t;
void f(my_lock *lock, unnamed_t *other, FILE *file, unsigned long size, pthread_t thread) {}
)"},
                              {"/sys/threads.h", R"(#pragma GCC system_header
typedef union { char data[8]; long align; } mtx_t;
struct _IO_FILE; typedef struct _IO_FILE FILE;
typedef unsigned long pthread_t;
)"}});
  const ir::Function &function = unit["f"];
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i != function.parameterTypes.count; ++i) {
    const ir::Type &type = unit.unit->types[unit.unit->lists[function.parameterTypes.first + i]];
    names.push_back(unit.unit->strings[type.element ? unit.unit->types[type.element].name : type.name]);
  }
  EXPECT_THAT(names, ElementsAre("mtx_t", "unnamed_t", "FILE", "unsigned long", "pthread_t"));
  const ir::Record *lock = recordNamed(unit, "mtx_t");
  ASSERT_TRUE(lock);
  EXPECT_TRUE(lock->flags & ir::RecordIsUnion);
  EXPECT_TRUE(lock->flags & ir::RecordIsInSystemHeader);
}

TEST(Symbols, ClassesListFieldsBasesAndFlags) {
  const Lowered unit = lowerCpp(R"(
struct Base { virtual ~Base() {} int own; };
struct [[nodiscard]] __attribute__((scoped_lockable)) Derived final : Base {
  mutable int cache;
private:
  unsigned bits : 3;
  int &reference;
};
void f(Derived &derived) {}
)");
  const ir::Record *derived = recordNamed(unit, "Derived");
  ASSERT_TRUE(derived);
  EXPECT_EQ(derived->flags,
            ir::RecordIsFinal | ir::RecordIsPolymorphic | ir::RecordIsScopedLockable | ir::RecordIsNodiscard);
  ASSERT_EQ(derived->bases.count, 1u);
  EXPECT_EQ(unit.unit->text(unit.unit->records[unit.unit->lists[derived->bases.first]].qualifiedName), "Base");
  ASSERT_EQ(derived->fields.count, 3u);
  const ir::Field &cache = unit.unit->fields[unit.unit->lists[derived->fields.first]];
  const ir::Field &bits = unit.unit->fields[unit.unit->lists[derived->fields.first + 1]];
  EXPECT_EQ(unit.unit->text(cache.name), "cache");
  EXPECT_EQ(cache.flags, ir::FieldIsMutable | ir::FieldIsPublic);
  EXPECT_EQ(bits.flags, ir::FieldIsBitField);
  EXPECT_EQ(bits.position, 1u);
}

TEST(Symbols, LayoutsTellEquallyNamedStructsApart) {
  const std::string use = "; void f(struct s *p) {}";
  auto hash = [&](const std::string &shape) { return recordNamed(lowerC(shape + use), "s")->layoutHash; };
  EXPECT_EQ(hash("struct s { int a; }"), hash("struct s { int a; }"));
  EXPECT_NE(hash("struct s { int a; }"), hash("struct s { long a; }"));
  EXPECT_NE(hash("struct s { int a; }"), hash("struct s { int b; }"));
}

TEST(Symbols, FunctionFlags) {
  const Lowered unit = lowerCpp(R"(
static void internal() {}
[[noreturn]] void die() { for (;;) ; }
struct S {
  virtual void pure() = 0;
  [[nodiscard]] int constant() const noexcept { return 1; }
  static void shared() {}
  S(const S &) {}
private:
  void hidden() {}
};
int main() { internal(); auto l = [] {}; l(); }
)");
  EXPECT_EQ(unit["internal"].flags, ir::FunctionIsInternal | ir::FunctionIsPublic);
  EXPECT_TRUE(unit["die"].flags & ir::FunctionIsNoReturn);
  EXPECT_TRUE(unit["main"].flags & ir::FunctionIsMain);
  const std::uint32_t constant = unit["S::constant"].flags;
  EXPECT_TRUE(constant & ir::FunctionIsConst);
  EXPECT_TRUE(constant & ir::FunctionIsNonThrowing);
  EXPECT_TRUE(constant & ir::FunctionIsNodiscard);
  EXPECT_TRUE(unit["S::shared"].flags & ir::FunctionIsStaticMethod);
  EXPECT_TRUE(unit["S::S"].flags & ir::FunctionIsCopyOrMove);
  EXPECT_FALSE(unit["S::hidden"].flags & ir::FunctionIsPublic);
  EXPECT_TRUE(unit["main::(lambda)"].flags & ir::FunctionIsLambda);
  EXPECT_EQ(unit["main::(lambda)"].enclosing, unit.function("main"));
}

TEST(Symbols, PlacesInMacrosAreWhereTheUserWrites) {
  const Lowered unit = lowerCpp(R"(void lock(int); void note();
#define LOCK(x) do { note(); lock(x); } while (0)
#define TWICE(x) LOCK(x); LOCK(x)
int get();
void f() {
  TWICE(get());
}
)");
  std::vector<std::string> places;
  const ir::Unit &u = *unit.unit;
  for (const ir::Call &call : u.calls)
    if (call.callee)
      places.push_back(u.strings[u.functions[call.callee].qualifiedName] + " " + ir::locationText(u, call.location));
  EXPECT_THAT(places, ElementsAre("note /src/a.cpp:6:3 (TWICE)", "get /src/a.cpp:6:9", "lock /src/a.cpp:6:3 (TWICE)",
                                  "note /src/a.cpp:6:3 (TWICE)", "get /src/a.cpp:6:9", "lock /src/a.cpp:6:3 (TWICE)"));
}

TEST(Symbols, DeclarationsThatHideAnother) {
  const Lowered unit = lowerCpp(R"(
struct Lock { Lock(); Lock(int); ~Lock(); };
int shared;
struct Base { int inherited; };
struct Owner : Base {
  int member;
  void f(int parameter) {
    { Lock (member); }
    { Lock (inherited); }
    { Lock (parameter); }
    { Lock (shared); }
    { Lock (fresh); }
    { Lock other(shared); }
  }
};
)");
  const ir::Function &function = unit["Owner::f"];
  std::vector<std::string> hiding;
  for (std::uint32_t i = 0; i != function.variables.count; ++i) {
    const ir::Variable &variable = unit.unit->variables[unit.unit->lists[function.variables.first + i]];
    if (variable.flags & ir::VariableHidesAnother)
      hiding.push_back(unit.unit->strings[variable.name]);
  }
  EXPECT_THAT(hiding, ElementsAre("member", "inherited", "parameter", "shared"));
}

TEST(Symbols, GlobalsKnowTheirKind) {
  const Lowered unit = lowerCpp(R"(
extern int elsewhere;
static thread_local int own = 1;
const char *const name = "x";
struct S { static int member; };
int S::member = 2;
int f() { static int once = 1; return once + elsewhere + own + *name + S::member; }
)");
  auto flags = [&](std::string_view name) {
    for (const ir::Global &global : unit.unit->globals)
      if (unit.unit->text(global.qualifiedName) == name)
        return global.flags;
    return ~0u;
  };
  EXPECT_EQ(flags("elsewhere"), 0u);
  EXPECT_EQ(flags("own"), ir::GlobalIsInternal | ir::GlobalIsThreadLocal | ir::GlobalIsDefinition);
  EXPECT_EQ(flags("name"), ir::GlobalIsInternal | ir::GlobalIsConst | ir::GlobalIsDefinition);
  EXPECT_EQ(flags("S::member"), ir::GlobalIsStaticMember | ir::GlobalIsDefinition);
  EXPECT_EQ(flags("f::once"), ir::GlobalIsInternal | ir::GlobalIsLocalStatic | ir::GlobalIsDefinition);
}

TEST(Symbols, OverridesAreLinked) {
  const Lowered unit = lowerCpp(R"(
struct Base { virtual void f(); virtual ~Base(); };
struct Derived : Base { void f() override {} };
)");
  const ir::Function &derived = unit["Derived::f"];
  ASSERT_EQ(derived.overridden.count, 1u);
  EXPECT_EQ(unit.unit->lists[derived.overridden.first], unit.function("Base::f"));
  // A virtual destructor may be called through the base: it has a body here.
  EXPECT_NE(unit["Derived::~Derived"].blocks.count, 0u);
}

TEST(Symbols, FieldAttributesSpeakOfTheOwner) {
  const Lowered unit = lowerCpp(R"(
struct __attribute__((capability("mutex"))) Mutex {};
struct Account { Mutex mutex; int balance __attribute__((guarded_by(mutex))); };
int f(Account &account) { return account.balance; }
)");
  for (const ir::Field &field : unit.unit->fields) {
    if (unit.unit->text(field.name) != "balance")
      continue;
    ASSERT_EQ(field.attributes.count, 1u);
    const ir::Attribute &attribute = unit.unit->attributes[unit.unit->lists[field.attributes.first]];
    EXPECT_EQ(attribute.kind, ir::AttributeKind::GuardedBy);
    ASSERT_EQ(attribute.arguments.count, 1u);
    const ir::Expr &place = unit.unit->exprs[unit.unit->lists[attribute.arguments.first]];
    ASSERT_EQ(place.kind, ir::ExprKind::Field);
    EXPECT_EQ(unit.unit->text(unit.unit->fields[place.b].name), "mutex");
    const ir::Expr &owner = unit.unit->exprs[place.a];
    ASSERT_EQ(owner.kind, ir::ExprKind::Deref);
    EXPECT_EQ(unit.unit->exprs[owner.a].kind, ir::ExprKind::Load);
    const ir::Expr &local = unit.unit->exprs[unit.unit->exprs[owner.a].a];
    EXPECT_EQ(local.kind, ir::ExprKind::Local);
    EXPECT_EQ(local.a, 0u);
  }
}

} // namespace
} // namespace gridlock::facts::test
