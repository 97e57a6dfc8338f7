//===- MemoryLocation.cpp - Members that share their bytes ------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/MemoryLocation.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

bool isUnionMember(const link::Program &program, link::FieldId field) {
  const link::RecordId record = program.field(field).record;
  return record && (program.record(record).flags & ir::RecordIsUnion);
}

link::FieldId firstOfLocation(const link::Program &program, link::FieldId field) {
  if (isUnionMember(program, field))
    return program.record(program.field(field).record).fields.front();
  auto isBitField = [&](link::FieldId id) {
    const link::RowRef &row = program.field(id).row;
    return row.row && (program.unit(row.unit).fields[row.row].flags & ir::FieldIsBitField);
  };
  if (!isBitField(field))
    return field;
  const std::vector<link::FieldId> &all = program.record(program.field(field).record).fields;
  auto at = llvm::find(all, field);
  while (at != all.end() && at != all.begin() && isBitField(*std::prev(at)))
    --at;
  return at == all.end() ? field : *at;
}

/// From the last step back to the field of a class, ghosts of containers before it.
static llvm::SmallVector<std::uint32_t, 4> tailOf(const TermTable &terms, TermId place) {
  llvm::SmallVector<std::uint32_t, 4> path;
  while (terms[place].kind == TermKind::Field || terms[place].kind == TermKind::Element) {
    if (terms[place].kind == TermKind::Field) {
      path.push_back(firstOfLocation(terms.program(), terms[place].b));
      if (terms.program().field(terms[place].b).record)
        break;
    }
    place = terms[place].a;
  }
  return path;
}

bool sameClassPath(const TermTable &terms, TermId a, TermId b) {
  const auto x = tailOf(terms, a), y = tailOf(terms, b);
  if (x.empty() || y.empty() || x.back() != y.back())
    return false;
  return x.size() == y.size() || x.size() == 1 || y.size() == 1;
}

} // namespace gridlock::solve
