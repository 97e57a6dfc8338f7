//===- Verify.cpp - What Ir.h promises, checked -----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Later rooms index tables without asking and recurse through expressions and
// types without a limit of their own. That is safe because every unit that
// comes from outside passes here first. Two kinds of rule:
//
//  - Local ones: an index is in range, an enumerator is known, a terminator
//    has the number of successors that its kind says. One pass over all rows.
//  - Shape: some relations must be trees or at least acyclic (an expression's
//    operands, an array's elements, base classes, the lambda's enclosing
//    function). Kahn's algorithm: remove nodes that nothing points to, until
//    none is left; what cannot be removed lies on a cycle. Linear and without
//    recursion, so a hostile depth is harmless too.
//
// The first violation ends the check; its text names table, row and field.
//
//===----------------------------------------------------------------------===//

#include "engine/summary/Store.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <cstring>

namespace gridlock::ir {

namespace {

class UnitVerifier {
public:
  explicit UnitVerifier(const Unit &unit) : U(unit) {}

  llvm::Error run() {
    verifyNoneRows();
    verifyFilesAndTypes();
    verifyRecords();
    verifyFunctions();
    verifyExprs();
    verifyEventsAndCalls();
    verifyBlocks();
    if (Problem.empty())
      verifyOwners();
    if (Problem.empty())
      verifyShape();
    if (Problem.empty())
      return llvm::Error::success();
    return llvm::createStringError(llvm::inconvertibleErrorCode(), "the summary is inconsistent: " + Problem);
  }

private:
  const Unit &U;
  std::string Problem;
  const char *Table = "";
  std::size_t Row = 0;

  void fail(const llvm::Twine &what) {
    if (Problem.empty())
      Problem = (llvm::Twine(Table) + " row " + llvm::Twine(Row) + ": " + what).str();
  }

  void require(bool condition, const llvm::Twine &what) {
    if (!condition)
      fail(what);
  }

  /// Runs `check` on every row of a table.
  template <class RowType>
  void each(const char *table, const std::vector<RowType> &rows, llvm::function_ref<void(const RowType &)> check) {
    Table = table;
    for (Row = 0; Row < rows.size() && Problem.empty(); ++Row)
      check(rows[Row]);
  }

  template <class RowType> void index(Index value, const std::vector<RowType> &rows, const char *field) {
    if (value >= rows.size())
      fail(llvm::Twine(field) + " is " + llvm::Twine(value) + ", but the table has " + llvm::Twine(rows.size()) +
           " rows");
  }

  /// A list whose run exists; the elements, or nothing when it does not.
  llvm::ArrayRef<Index> run(List list, const char *field) {
    if (std::uint64_t(list.first) + list.count > U.lists.size()) {
      fail(llvm::Twine(field) + " lies outside the lists");
      return {};
    }
    return llvm::ArrayRef(U.lists).slice(list.first, list.count);
  }

  template <class RowType> void list(List list, const std::vector<RowType> &rows, const char *field) {
    for (Index element : run(list, field))
      index(element, rows, field);
  }

  void text(Index value, const char *field) { index(value, U.strings, field); }
  void location(Index value) { index(value, U.locations, "location"); }

  void verifyNoneRows();
  void verifyFilesAndTypes();
  void verifyRecords();
  void verifyFunctions();
  void verifyExprs();
  void verifyEventsAndCalls();
  void verifyBlocks();
  void verifyOwners();
  void verifyShape();
  void acyclic(const char *what, std::size_t nodes,
               llvm::function_ref<void(std::size_t, llvm::function_ref<void(std::size_t)>)> successors);
};

} // namespace

template <class RowType> static bool isNoneRow(const std::vector<RowType> &rows) {
  RowType none{};
  return !rows.empty() && std::memcmp(&rows[0], &none, sizeof(none)) == 0;
}

void UnitVerifier::verifyNoneRows() {
  Row = 0;
  auto check = [&](const char *table, bool holds) {
    Table = table;
    require(holds, "it is not the reserved row");
  };
  check("strings", !U.strings.empty() && U.strings[0].empty());
  check("lists", isNoneRow(U.lists));
  check("files", isNoneRow(U.files));
  check("locations", isNoneRow(U.locations));
  check("types", isNoneRow(U.types));
  check("records", isNoneRow(U.records));
  check("fields", isNoneRow(U.fields));
  check("variables", isNoneRow(U.variables));
  check("globals", isNoneRow(U.globals));
  check("functions", isNoneRow(U.functions));
  check("exprs", isNoneRow(U.exprs));
  check("events", isNoneRow(U.events));
  check("calls", isNoneRow(U.calls));
  check("blocks", isNoneRow(U.blocks));
  check("attributes", isNoneRow(U.attributes));
  Table = "unit";
  index(U.mainFile, U.files, "mainFile");
  text(U.firstError, "firstError");
}

void UnitVerifier::verifyFilesAndTypes() {
  each<File>("files", U.files, [&](const File &file) { text(file.path, "path"); });
  each<Location>("locations", U.locations, [&](const Location &place) {
    index(place.file, U.files, "file");
    text(place.macro, "macro");
  });
  each<Type>("types", U.types, [&](const Type &type) {
    require(type.kind <= TypeKind::Other, "unknown kind");
    text(type.name, "name");
    index(type.record, U.records, "record");
    index(type.element, U.types, "element");
  });
}

void UnitVerifier::verifyRecords() {
  each<Record>("records", U.records, [&](const Record &record) {
    text(record.usr, "usr");
    text(record.qualifiedName, "qualifiedName");
    text(record.displayName, "displayName");
    location(record.location);
    index(record.callOperator, U.functions, "callOperator");
    list(record.fields, U.fields, "fields");
    list(record.bases, U.records, "bases");
    list(record.templateArguments, U.types, "templateArguments");
  });
  each<Field>("fields", U.fields, [&](const Field &field) {
    index(field.record, U.records, "record");
    text(field.name, "name");
    index(field.type, U.types, "type");
    location(field.location);
    list(field.attributes, U.attributes, "attributes");
  });
  each<Attribute>("attributes", U.attributes, [&](const Attribute &attribute) {
    require(attribute.kind <= AttributeKind::Cleanup, "unknown kind");
    list(attribute.arguments, U.exprs, "arguments");
  });
}

void UnitVerifier::verifyFunctions() {
  each<Variable>("variables", U.variables, [&](const Variable &variable) {
    require(variable.kind <= VariableKind::ReturnSlot, "unknown kind");
    text(variable.name, "name");
    index(variable.type, U.types, "type");
    location(variable.location);
  });
  each<Global>("globals", U.globals, [&](const Global &global) {
    text(global.usr, "usr");
    text(global.qualifiedName, "qualifiedName");
    index(global.type, U.types, "type");
    location(global.location);
    index(global.function, U.functions, "function");
    list(global.attributes, U.attributes, "attributes");
  });
  each<Function>("functions", U.functions, [&](const Function &function) {
    text(function.usr, "usr");
    text(function.qualifiedName, "qualifiedName");
    text(function.displayName, "displayName");
    index(function.record, U.records, "record");
    location(function.location);
    location(function.endLocation);
    index(function.returnType, U.types, "returnType");
    list(function.parameterTypes, U.types, "parameterTypes");
    list(function.overridden, U.functions, "overridden");
    list(function.attributes, U.attributes, "attributes");
    list(function.variables, U.variables, "variables");
    index(function.returnSlot, U.variables, "returnSlot");
    list(function.blocks, U.blocks, "blocks");
    index(function.enclosing, U.functions, "enclosing");
  });
}

void UnitVerifier::verifyExprs() {
  each<Expr>("exprs", U.exprs, [&](const Expr &expr) {
    require(expr.op <= Operator::ShiftRight, "unknown operator");
    index(expr.type, U.types, "type");
    switch (expr.kind) {
    case ExprKind::Unknown:
    case ExprKind::NullConst:
    case ExprKind::SizeOf:
      return;
    case ExprKind::IntConst:
    case ExprKind::StringConst:
      return text(expr.a, "a");
    case ExprKind::FunctionRef:
      return index(expr.a, U.functions, "a");
    case ExprKind::Result:
      return index(expr.a, U.calls, "a");
    case ExprKind::Local:
      return index(expr.a, U.variables, "a");
    case ExprKind::Global:
      return index(expr.a, U.globals, "a");
    case ExprKind::Load:
    case ExprKind::AddressOf:
    case ExprKind::Unary:
    case ExprKind::Deref:
      return index(expr.a, U.exprs, "a");
    case ExprKind::Binary:
    case ExprKind::Index:
      index(expr.a, U.exprs, "a");
      return index(expr.b, U.exprs, "b");
    case ExprKind::Field:
      index(expr.a, U.exprs, "a");
      return index(expr.b, U.fields, "b");
    }
    fail("unknown kind");
  });
}

void UnitVerifier::verifyEventsAndCalls() {
  each<Event>("events", U.events, [&](const Event &event) {
    location(event.location);
    switch (event.kind) {
    case EventKind::None:
    case EventKind::Suspend:
    case EventKind::ParallelBegin:
    case EventKind::ParallelEnd:
    case EventKind::ParallelOrder:
      return;
    case EventKind::Assign:
      index(event.a, U.exprs, "a");
      return index(event.b, U.exprs, "b");
    case EventKind::Read:
      return index(event.a, U.exprs, "a");
    case EventKind::Call:
      return index(event.a, U.calls, "a");
    case EventKind::Begin:
    case EventKind::End:
      return index(event.a, U.variables, "a");
    case EventKind::OnceBegin:
    case EventKind::OnceEnd:
      return index(event.a, U.globals, "a");
    }
    fail("unknown kind");
  });
  each<Call>("calls", U.calls, [&](const Call &call) {
    index(call.callee, U.functions, "callee");
    index(call.calleeValue, U.exprs, "calleeValue");
    list(call.arguments, U.exprs, "arguments");
    index(call.destination, U.exprs, "destination");
    index(call.type, U.types, "type");
    location(call.location);
    index(call.unwind, U.blocks, "unwind");
    index(call.receiver, U.records, "receiver");
  });
}

void UnitVerifier::verifyBlocks() {
  each<Block>("blocks", U.blocks, [&](const Block &block) {
    require(std::uint64_t(block.firstEvent) + block.eventCount <= U.events.size(), "events lie outside the table");
    index(block.value, U.exprs, "value");
    location(block.location);
    list(block.successors, U.blocks, "successors");
    list(block.cases, U.exprs, "cases");
    switch (block.terminator) {
    case TerminatorKind::None:
    case TerminatorKind::Return:
    case TerminatorKind::Throw:
    case TerminatorKind::Resume:
    case TerminatorKind::Catch:
    case TerminatorKind::Unreachable:
      return;
    case TerminatorKind::Goto:
      return require(block.successors.count == 1, "`Goto` needs one successor");
    case TerminatorKind::Branch:
      return require(block.successors.count == 2, "`Branch` needs two successors");
    case TerminatorKind::Switch:
      return require(block.successors.count == std::uint64_t(block.cases.count) + 1,
                     "`Switch` needs one successor more than cases");
    }
    fail("unknown terminator");
  });
}

/// A block and a variable belong to one function, an event to one block; what a
/// block jumps to belongs to the same function. So rooms may number a function's
/// blocks by position and look every successor up.
void UnitVerifier::verifyOwners() {
  std::vector<Index> blockOwner(U.blocks.size()), variableOwner(U.variables.size());
  auto claim = [&](llvm::ArrayRef<Index> elements, std::vector<Index> &owners, const char *what) {
    for (Index element : elements) {
      require(element != 0 && owners[element] == 0,
              llvm::Twine(what) + " " + llvm::Twine(element) + " is the reserved row or listed twice");
      owners[element] = Row;
    }
  };
  each<Function>("functions", U.functions, [&](const Function &function) {
    claim(run(function.blocks, "blocks"), blockOwner, "block");
    claim(run(function.variables, "variables"), variableOwner, "variable");
  });
  std::vector<bool> eventIsOwned(U.events.size());
  each<Block>("blocks", U.blocks, [&](const Block &block) {
    auto inside = [&](Index target) {
      require(target == 0 || blockOwner[target] == blockOwner[Row],
              "block " + llvm::Twine(target) + " belongs to another function");
    };
    for (Index successor : run(block.successors, "successors"))
      inside(successor);
    for (Index event = block.firstEvent; event != block.firstEvent + block.eventCount; ++event) {
      require(!eventIsOwned[event], "event " + llvm::Twine(event) + " belongs to another block too");
      eventIsOwned[event] = true;
      if (U.events[event].kind == EventKind::Call)
        inside(U.calls[U.events[event].a].unwind);
    }
  });
}

/// Kahn's algorithm on nodes 1 .. nodes-1; node 0 is "none" and ends every path.
void UnitVerifier::acyclic(const char *what, std::size_t nodes,
                           llvm::function_ref<void(std::size_t, llvm::function_ref<void(std::size_t)>)> successors) {
  std::vector<std::uint32_t> incoming(nodes);
  for (std::size_t node = 1; node < nodes; ++node)
    successors(node, [&](std::size_t next) { ++incoming[next]; });
  std::vector<std::size_t> ready;
  for (std::size_t node = 1; node < nodes; ++node)
    if (incoming[node] == 0)
      ready.push_back(node);
  std::size_t removed = 1;
  while (!ready.empty()) {
    std::size_t node = ready.back();
    ready.pop_back();
    ++removed;
    successors(node, [&](std::size_t next) {
      if (next != 0 && --incoming[next] == 0)
        ready.push_back(next);
    });
  }
  if (removed < nodes && Problem.empty())
    Problem = std::string(what) + " contain themselves";
}

void UnitVerifier::verifyShape() {
  using Visit = llvm::function_ref<void(std::size_t)>;
  auto visitAll = [&](List list, std::size_t offset, Visit visit) {
    for (Index element : llvm::ArrayRef(U.lists).slice(list.first, list.count))
      visit(element == 0 ? 0 : offset + element);
  };

  // Expressions first, then calls, whose results are expressions again.
  std::size_t firstCall = U.exprs.size();
  acyclic("expressions", firstCall + U.calls.size(), [&](std::size_t node, Visit visit) {
    if (node >= firstCall) {
      const Call &call = U.calls[node - firstCall];
      visit(call.calleeValue);
      visit(call.destination);
      return visitAll(call.arguments, 0, visit);
    }
    const Expr &expr = U.exprs[node];
    switch (expr.kind) {
    case ExprKind::Result:
      return visit(expr.a == 0 ? 0 : firstCall + expr.a);
    case ExprKind::Binary:
    case ExprKind::Index:
      visit(expr.b);
      [[fallthrough]];
    case ExprKind::Load:
    case ExprKind::AddressOf:
    case ExprKind::Unary:
    case ExprKind::Deref:
    case ExprKind::Field:
      return visit(expr.a);
    default:
      return;
    }
  });

  acyclic("types", U.types.size(), [&](std::size_t node, Visit visit) { visit(U.types[node].element); });

  // What an object holds by value: elements, fields, base classes.
  std::size_t firstRecord = U.types.size();
  acyclic("classes", firstRecord + U.records.size(), [&](std::size_t node, Visit visit) {
    if (node >= firstRecord) {
      const Record &record = U.records[node - firstRecord];
      visitAll(record.bases, firstRecord, visit);
      for (Index field : llvm::ArrayRef(U.lists).slice(record.fields.first, record.fields.count))
        visit(U.fields[field].type);
      return;
    }
    const Type &type = U.types[node];
    if (type.kind == TypeKind::Array)
      visit(type.element);
    else if (type.kind == TypeKind::Record && type.record != 0)
      visit(firstRecord + type.record);
  });

  acyclic("lambdas", U.functions.size(), [&](std::size_t node, Visit visit) { visit(U.functions[node].enclosing); });
  acyclic("overridden methods", U.functions.size(),
          [&](std::size_t node, Visit visit) { visitAll(U.functions[node].overridden, 0, visit); });
}

llvm::Error verifyUnit(const Unit &unit) { return UnitVerifier(unit).run(); }

} // namespace gridlock::ir
