//===- ChosenThread.cpp - What only one of several threads does -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A loop that starts threads numbers them, and one of them does more than the
// others: `if (worker->number == 0) expire(cache);`. Such an access carries the
// choice: a value of the function's inputs, and what it is equal to. The choice
// goes up with the access, in the names of each caller, to the start of the
// thread. If it differs from start to start there, one instance of the thread
// comes to the access, and two accesses of the same choice are of one instance.
// Numbers that a caller passes as constants decide on the way: an access that the
// caller's number rules out does not happen.
//
// A field counts as a number when nobody stores a constant in it or counts it up:
// flags and states change, and several objects may have the same.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/ChosenThread.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Whether a value may number the threads: an input, a number in an object that
/// an input leads to, or computed from these.
static bool mayNumberThreads(const TermTable &terms, const AccessFilter &filter, TermId value) {
  const Term &term = terms[value];
  switch (term.kind) {
  case TermKind::Formal:
    return true;
  case TermKind::Binary:
    return (term.op == ir::Operator::Subtract || term.op == ir::Operator::Add || term.op == ir::Operator::Remainder ||
            term.op == ir::Operator::Equal) &&
           (mayNumberThreads(terms, filter, term.a) || mayNumberThreads(terms, filter, term.b));
  case TermKind::Initial: {
    const Term &place = terms[term.a];
    const link::Program &program = terms.program();
    if (place.kind != TermKind::Field || !program.field(place.b).record || !filter.isNumber(place.b))
      return false;
    const link::RowRef &row = program.field(place.b).row;
    const ir::Unit &unit = program.unit(row.unit);
    return row.row && unit.types[unit.fields[row.row].type].kind == ir::TypeKind::Integer && place.mentionsFormal;
  }
  default:
    return false;
  }
}

void noteChoices(const TermTable &terms, const AccessFilter &filter, const State &state,
                 llvm::SmallVectorImpl<Choice> &choices) {
  for (const Fact &fact : state.facts()) {
    // What one thread of a team does, by its number.
    const Term &known = terms[fact.term];
    if (fact.low == fact.high && known.kind == TermKind::Opaque && OriginKind(known.a) == OriginKind::ThreadNumber &&
        choices.size() < choiceLimit) {
      const Choice mine{0, fact.low, fact.term};
      if (!llvm::is_contained(choices, mine))
        choices.push_back(mine);
      continue;
    }
    if (fact.low != fact.high || choices.size() >= choiceLimit || !terms[fact.term].mentionsFormal ||
        !mayNumberThreads(terms, filter, fact.term))
      continue;
    // That two values differ chooses nothing, and what a thread got from a call each
    // thread may get.
    if ((terms[fact.term].op == ir::Operator::Equal && fact.low != 1) || terms[fact.term].mentionsMade)
      continue;
    const Choice choice{fact.term, fact.low, 0};
    if (!llvm::is_contained(choices, choice))
      choices.push_back(choice);
  }
}

bool passOnChoices(const TermTable &terms, llvm::SmallVectorImpl<Choice> &choices, bool wasStarted, bool starts,
                   llvm::function_ref<TermId(TermId)> substitute, llvm::function_ref<bool(TermId)> differs) {
  for (Choice &choice : choices) {
    if (!choice.value)
      continue; // of a thread that was started below
    if (starts && !wasStarted)
      choice.as = choice.value;
    choice.value = substitute(choice.value);
    const Term &value = terms[choice.value];
    const bool isNumber = value.kind == TermKind::Integer;
    if (isNumber && value.number != choice.equals)
      return false;
    if (value.mentionsFormal)
      continue;
    if (!(starts || wasStarted) || !differs(choice.value))
      choice.as = 0;
    choice.value = 0;
  }
  llvm::erase_if(choices, [](const Choice &choice) { return !choice.value && !choice.as; });
  return true;
}

bool areOfOneElement(const TermTable &terms, const AccessRecord &a, const AccessRecord &b) {
  return llvm::any_of(a.around->choices, [&](const Choice &choice) {
    const Term &number = terms[choice.as];
    const bool compares = number.op == ir::Operator::Subtract || number.op == ir::Operator::Equal;
    return !choice.value && number.kind == TermKind::Binary && compares && terms[number.a].kind == TermKind::Formal &&
           terms[terms.root(number.b)].kind == TermKind::Global && llvm::is_contained(b.around->choices, choice);
  });
}

bool areOneInstance(const AccessRecord &a, const AccessRecord &b) {
  return llvm::any_of(a.around->choices, [&](const Choice &choice) {
    return !choice.value && llvm::is_contained(b.around->choices, choice);
  });
}

} // namespace gridlock::solve
