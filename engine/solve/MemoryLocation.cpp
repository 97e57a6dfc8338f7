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

} // namespace gridlock::solve
