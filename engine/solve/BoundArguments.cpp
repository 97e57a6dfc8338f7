//===- BoundArguments.cpp - Arguments that library code passes on -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A thread's constructor and a bound callable take arguments by reference and
// hand them on as what the callee wants: the value that stands in a variable, the
// object that a reference wrapper or a smart pointer leads to.
//
// What a callable is bound to is kept beside it, in elements of a ghost field, as
// values: the variables may be gone when it is called. An argument of the call
// takes the place of a placeholder.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "engine/summary/Parameters.h"
#include "llvm/ADT/StringExtras.h"

namespace gridlock::solve {

/// Arguments that are kept of one bound callable.
static constexpr std::size_t boundLimit = 6;

static TermId boundPlace(const link::Program &program, TermTable &terms, TermId object, std::size_t position) {
  return terms.element(terms.field(object, program.ghostField("$bound")), terms.integer(std::int64_t(position)));
}

/// `_2` stands for the second argument of the call; 0: it is no placeholder.
static unsigned placeholder(const link::Program &program, const TermTable &terms, TermId argument) {
  const Term &term = terms[argument];
  if (term.kind != TermKind::Address || terms[term.a].kind != TermKind::Global)
    return 0;
  llvm::StringRef name = program.global(terms[term.a].a).qualifiedName;
  unsigned number = 0;
  name = name.substr(name.rfind(':') + 1);
  return name.consume_front("_") && !name.getAsInteger(10, number) && number <= boundLimit ? number : 0;
}

/// A callable was put into an object together with its first arguments.
void FunctionExecutor::keepBound(State &state, TermId callee, llvm::ArrayRef<TermId> arguments) {
  for (std::size_t i = 0; i < arguments.size() && i < boundLimit; ++i) {
    const Term term = terms()[arguments[i]];
    TermId value = arguments[i];
    link::UnitId unit = 0;
    if (term.kind == TermKind::Address && terms()[terms().root(term.a)].kind == TermKind::Local)
      if (const ir::Type *type = typeOf(term.a, unit)) {
        const TermId referred = state.stored(terms().field(term.a, Program.ghostField("$ptr")));
        if (referred)
          value = referred;
        else if (type->kind == ir::TypeKind::Record)
          value = terms().opaque(OriginKind::Unknown, std::int64_t(arguments[i])); // a copy
        else
          value = load(state, term.a);
      }
    state.store(boundPlace(Program, terms(), terms()[callee].a, i), value);
  }
}

/// The arguments with which a callable is called in the end.
llvm::SmallVector<TermId, 6> FunctionExecutor::withBound(State &state, TermId callable, llvm::ArrayRef<TermId> given) {
  llvm::SmallVector<TermId, 6> result;
  for (unsigned depth = 0; callable && depth < boundLimit; ++depth) {
    const TermId object = terms().isPlace(callable) ? callable : terms().deref(callable);
    bool takesPlace = false;
    for (std::size_t i = 0; i < boundLimit; ++i) {
      TermId bound = state.stored(boundPlace(Program, terms(), object, i));
      if (!bound)
        break;
      if (unsigned number = placeholder(Program, terms(), bound)) {
        takesPlace = true;
        bound = number <= given.size() ? given[number - 1] : terms().opaque(OriginKind::Unknown, bound);
      }
      result.push_back(bound);
    }
    if (!result.empty()) {
      if (!takesPlace)
        result.append(given.begin(), given.end());
      return result;
    }
    const TermId inner = terms().field(object, Program.ghostField("$callee"));
    const TermId next = state.stored(inner);
    const TermId source = next ? 0 : wholeObject(state, inner);
    callable = next ? next : source ? state.stored(source) : 0;
  }
  result.append(given.begin(), given.end());
  return result;
}

/// What the callee gets of an argument that is the address of a variable.
TermId FunctionExecutor::passedTo(State &state, link::FunctionId callee, unsigned position, TermId argument) {
  const Term term = terms()[argument];
  link::UnitId from = 0;
  const ir::Type *given = term.kind == TermKind::Address ? typeOf(term.a, from) : nullptr;
  if (!given || terms()[term.a].kind != TermKind::Local)
    return argument;
  const link::UnitId to = Program.function(callee).row.unit;
  const ir::Function &body = Program.body(callee);
  const ir::Unit &unit = Program.unit(to);
  const unsigned offset = ir::takesObject(unit, body) ? 1 : 0;
  if (position >= offset && position - offset >= body.parameterTypes.count)
    return argument;
  const bool isObject = position < offset;
  const ir::Type *wanted = isObject ? nullptr : &unit.types[unit.lists[body.parameterTypes.first + position - offset]];
  if (given->kind == ir::TypeKind::Record && (isObject || wanted->kind == ir::TypeKind::Reference)) {
    // An object of another class that leads to the one that is wanted.
    const TermId referred = state.stored(terms().field(term.a, Program.ghostField("$ptr")));
    const link::RecordId mine = Program.recordOfType(from, ir::Index(given - Program.unit(from).types.data()));
    const link::RecordId theirs =
        isObject ? Program.function(callee).record : Program.recordOfType(to, wanted->element);
    return referred && mine != theirs ? referred : argument;
  }
  if (isObject)
    return given->kind == ir::TypeKind::Pointer ? load(state, term.a) : argument;
  if (wanted->kind == ir::TypeKind::Reference || wanted->kind == ir::TypeKind::Record || given->kind != wanted->kind)
    return argument;
  // `&buffer` given for a `char **` is an address of its own.
  const bool sameDepth = given->kind != ir::TypeKind::Pointer ||
                         Program.unit(from).types[given->element].kind == unit.types[wanted->element].kind;
  return sameDepth ? load(state, term.a) : argument;
}

} // namespace gridlock::solve
