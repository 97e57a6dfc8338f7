//===- PrivateState.cpp - What no other thread can reach --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Accesses that are not worth a record: of an object that only its maker can reach,
// on a path through a null pointer, and through pointers of which nobody will ever
// know where they lead.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Whether the place is the object's own, so that nobody else can reach it: a
/// variable whose address stays here, the object under construction.
bool FunctionExecutor::isPrivate(const State &state, TermId place) const {
  TermId object = terms().objectOf(place);
  const Term &term = terms()[object];
  if (term.kind == TermKind::Local) {
    const ir::Variable &variable = Program.unit(Program.function(term.a).row.unit).variables[term.b];
    bool isHandedOut = (variable.flags & ir::VariableAddressTaken) ||
                       (term.a == Function && llvm::is_contained(state.handedOut, object));
    return !isHandedOut || (variable.flags & ir::VariableIsThreadLocal);
  }
  if (term.kind == TermKind::Heap)
    return !llvm::is_contained(state.handedOut, object) && !llvm::is_contained(state.published, object);
  if (term.kind == TermKind::Global)
    return Program.global(term.a).flags & (ir::GlobalIsThreadLocal | ir::GlobalIsConst);
  if (term.kind != TermKind::Deref)
    return false;
  const Term &pointer = terms()[term.a];
  constexpr std::uint32_t unshared = ir::FunctionIsConstructor | ir::FunctionIsDestructor;
  if (pointer.kind == TermKind::Formal && pointer.a == 0 && (Body.flags & unshared))
    return !joinsLater(state);
  if (pointer.kind == TermKind::Formal && (pointer.a == returnPosition || isByValue(pointer.a)))
    return true;
  // What a closure captured by value is its own.
  const Term &outer = terms()[place];
  return outer.kind == TermKind::Field && Program.field(outer.b).record &&
         (Program.record(Program.field(outer.b).record).flags & ir::RecordIsLambda);
}

/// Whether the path leads through a null pointer, so that nobody comes there, or to
/// something of which neither the object nor the class is known, to no caller either.
/// The threads of a region, `spawn`, share what any pointer led to before it.
bool FunctionExecutor::isNoObject(TermId place, std::uint32_t spawn) const {
  const TermId root = terms().root(place);
  return terms().isInteger(root, 0) ||
         !(spawn || terms()[place].mentionsFormal || isCapturedThis(terms()[root]) || Shared.solution.isNamed(place));
}

/// Whether an argument is a class object passed by value: the function's own copy.
bool FunctionExecutor::isByValue(unsigned position) const {
  const ir::Type *type = Body.variables.count ? typeOfArgument(position) : nullptr;
  return type && type->kind == ir::TypeKind::Record;
}

} // namespace gridlock::solve
