//===- WholeObjects.cpp - Accesses to all members at once -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `where = p;` and `memset(&where, 0, sizeof where);` write every member of
// `where`, and races are looked for member by member. So whoever touches an object
// as a whole touches its members, too. Two that both take the whole meet under the
// object's own name.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/AccessFilter.h"
#include "engine/solve/Executor.h"

namespace gridlock::solve {

/// Members of one object that are listed, those of its members included.
static constexpr unsigned partLimit = 24;

void FunctionExecutor::addParts(const AccessRecord &whole, ir::Index location) {
  link::UnitId unit = 0;
  const ir::Type *type = isAtomic(whole.kind) ? nullptr : typeOf(whole.subject, unit);
  if (!type || type->kind != ir::TypeKind::Record)
    return;
  llvm::SmallVector<std::pair<TermId, link::RecordId>, 4> work{
      {whole.subject, Program.link(unit).records[type->record]}};
  AccessRecord part = whole;
  part.flags |= AccessIsWhole;
  for (unsigned count = 0; !work.empty();) {
    auto [place, record] = work.pop_back_val();
    const link::RecordInfo &info = Program.record(record);
    if (!record || info.model || (info.flags & (ir::RecordIsInSystemHeader | ir::RecordIsLambda)))
      continue;
    for (link::RecordId base : info.bases)
      work.push_back({place, base});
    for (link::FieldId field : info.fields) {
      const link::RowRef &row = Program.field(field).row;
      const ir::Index inner = Program.unit(row.unit).fields[row.row].type;
      if (++count > partLimit)
        return;
      part.subject = terms().field(place, field);
      if (Shared.filter.watchesField(field) && !AccessFilter::synchronizes(Program, row.unit, inner))
        addAccess(part, location, 0);
      if (link::RecordId nested = Program.recordOfType(row.unit, inner);
          nested && Program.unit(row.unit).types[inner].kind == ir::TypeKind::Record)
        work.push_back({part.subject, nested});
    }
  }
}

} // namespace gridlock::solve
