//===- Declared.h - What thread-safety attributes say ------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Clang's thread-safety attributes as facts: which lock a field is declared to
/// be guarded by, what a function without a visible body does to locks, what it
/// needs at entry, and in which order locks are to be taken. Places are terms in
/// the names of the function's inputs; of a field, the owner is what `this`
/// points to (`Deref(Formal(0))`).
///
/// Made once by `solve`, before the functions are executed; read-only afterwards.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_DECLARED_H
#define GRIDLOCK_ENGINE_SOLVE_DECLARED_H

#include "engine/solve/State.h"
#include "llvm/ADT/DenseMap.h"
#include <set>
#include <string>
#include <vector>

namespace gridlock::solve {

class Solution;

/// A lock that an attribute names.
struct DeclaredLock {
  ir::AttributeKind kind{};
  TermId lock = 0;        ///< a place
  std::int32_t value = 0; ///< what a try returns on success
  bool isShared() const {
    return kind == ir::AttributeKind::AcquireShared || kind == ir::AttributeKind::ReleaseShared ||
           kind == ir::AttributeKind::RequiresShared || kind == ir::AttributeKind::TryAcquireShared;
  }
};

class DeclaredLocks {
public:
  DeclaredLocks() = default;
  /// Reads the attributes of all units. Cost: linear in the declarations.
  explicit DeclaredLocks(Solution &solution);

  /// The locks that a function's attributes name, without attributes about its
  /// own object's class.
  llvm::ArrayRef<DeclaredLock> of(link::FunctionId function) const;
  /// Whether attributes say what the function does to locks.
  bool changesLocks(link::FunctionId function) const;

  /// The lock that guards a field or global, by declaration; 0: none.
  TermId guardOf(link::FieldId field) const { return Guards.lookup(field); }
  TermId guardOfGlobal(link::GlobalId global) const { return GlobalGuards.lookup(global); }
  /// ... that guards what the pointer in a field points to.
  TermId guardOfPointee(link::FieldId field) const { return PointeeGuards.lookup(field); }

  /// The field with a guard for its pointee, through whose pointer a place is
  /// reached; 0: none.
  link::FieldId guardedPointer(const TermTable &terms, TermId place) const;

  /// A declared order: `first` is to be taken before `second`.
  struct Order {
    TermId first = 0, second = 0;
  };
  llvm::ArrayRef<Order> orders() const { return Orders; }

private:
  friend class DeclarationReader;
  llvm::DenseMap<link::FunctionId, std::vector<DeclaredLock>> Functions;
  llvm::DenseMap<link::FieldId, TermId> Guards, PointeeGuards;
  llvm::DenseMap<link::GlobalId, TermId> GlobalGuards;
  std::vector<Order> Orders;
};

/// Gives functions whose bodies are not known, or do not show what they do, the
/// summaries that their attributes describe. Before the callers are executed.
void summarizeDeclared(Solution &solution, link::FunctionId function);

/// Whether the held lock's class is the declared one, or part of it: the mutex
/// inside a wrapper class.
bool isDeclaredLock(std::string_view heldClass, std::string_view declaredClass);

/// A pair of locks that are taken against their declared order.
struct OrderBreach {
  std::size_t pair = 0; ///< into `Solution::pairs`
  std::string declaredAt;
};
std::vector<OrderBreach> findOrderBreaches(const Solution &solution);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_DECLARED_H
