//===- Dump.cpp - A unit's tables as text ---------------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/summary/Dump.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Path.h"

namespace gridlock::ir {
namespace {

const char *spelling(Operator op) {
  switch (op) {
  case Operator::None:
    return "none";
  case Operator::Not:
    return "!";
  case Operator::Negate:
    return "-";
  case Operator::Complement:
    return "~";
  case Operator::Equal:
    return "==";
  case Operator::NotEqual:
    return "!=";
  case Operator::Less:
    return "<";
  case Operator::LessEqual:
    return "<=";
  case Operator::Greater:
    return ">";
  case Operator::GreaterEqual:
    return ">=";
  case Operator::Add:
    return "+";
  case Operator::Subtract:
    return "-";
  case Operator::Multiply:
    return "*";
  case Operator::Divide:
    return "/";
  case Operator::Remainder:
    return "%";
  case Operator::And:
    return "&";
  case Operator::Or:
    return "|";
  case Operator::Xor:
    return "^";
  case Operator::ShiftLeft:
    return "<<";
  case Operator::ShiftRight:
    return ">>";
  }
  return "none";
}

struct FlagName {
  std::uint32_t bit;
  const char *name;
};

constexpr FlagName functionFlagNames[] = {
    {FunctionIsInternal, "internal"},
    {FunctionIsVirtual, "virtual"},
    {FunctionIsPure, "pure"},
    {FunctionIsNoReturn, "noreturn"},
    {FunctionIsInSystemHeader, "system"},
    {FunctionIsConstructor, "constructor"},
    {FunctionIsDestructor, "destructor"},
    {FunctionIsStaticMethod, "static-method"},
    {FunctionIsVariadic, "variadic"},
    {FunctionIsNonThrowing, "noexcept"},
    {FunctionIsNodiscard, "nodiscard"},
    {FunctionIsPublic, "public"},
    {FunctionIsLambda, "lambda"},
    {FunctionIsImplicit, "implicit"},
    {FunctionIsFinal, "final"},
    {FunctionIsCoroutine, "coroutine"},
    {FunctionIsGlobalInitializer, "global-initializer"},
    {FunctionIsInline, "inline"},
    {FunctionHasErrors, "errors"},
    {FunctionIsMain, "main"},
    {FunctionIsConst, "const"},
    {FunctionIsCopyOrMove, "copy-or-move"},
    {FunctionIsNoThreadSafetyAnalysis, "no-thread-safety-analysis"},
};

constexpr FlagName recordFlagNames[] = {
    {RecordIsUnion, "union"},
    {RecordIsLambda, "lambda"},
    {RecordIsFinal, "final"},
    {RecordIsInSystemHeader, "system"},
    {RecordIsScopedLockable, "scoped-lockable"},
    {RecordIsCapability, "capability"},
    {RecordIsIncomplete, "incomplete"},
    {RecordIsPolymorphic, "polymorphic"},
    {RecordIsNodiscard, "nodiscard"},
};

constexpr FlagName callFlagNames[] = {
    {CallIsVirtual, "virtual"},   {CallResultIsDiscarded, "discarded"},
    {CallIsImplicit, "implicit"}, {CallIsNew, "new"},
    {CallIsDelete, "delete"},     {CallIsDestructorOfTemporary, "destructor-of-temporary"},
};

constexpr FlagName variableFlagNames[] = {
    {VariableIsDiscardedTemporary, "discarded"},
    {VariableHidesAnother, "hides-another"},
    {VariableIsThreadLocal, "thread-local"},
    {VariableAddressTaken, "address-taken"},
    {VariableIsConst, "const"},
    {VariableIsDivided, "divided"},
    {VariableIsNested, "nested"},
    {VariableStartIsKnown, "start-known"},
};

constexpr FlagName assignFlagNames[] = {
    {AssignIsInitialization, "init"},
    {AssignIsUpdate, "update"},
    {AssignIsReturn, "return"},
    {AssignIsCapture, "capture"},
};

constexpr FlagName globalFlagNames[] = {
    {GlobalIsInternal, "internal"}, {GlobalIsLocalStatic, "local-static"}, {GlobalIsThreadLocal, "thread-local"},
    {GlobalIsConst, "const"},       {GlobalIsDefinition, "definition"},    {GlobalIsStaticMember, "static-member"},
};

std::string flagText(std::uint32_t flags, llvm::ArrayRef<FlagName> names) {
  std::string text;
  for (const FlagName &flag : names)
    if (flags & flag.bit)
      text += (text.empty() ? " {" : ", ") + std::string(flag.name);
  return text.empty() ? text : text + "}";
}

const char *attributeName(AttributeKind kind) {
  constexpr const char *names[] = {"none",
                                   "acquire",
                                   "acquire_shared",
                                   "release",
                                   "release_shared",
                                   "try_acquire",
                                   "try_acquire_shared",
                                   "requires",
                                   "requires_shared",
                                   "excludes",
                                   "assert_held",
                                   "return_capability",
                                   "guarded_by",
                                   "pt_guarded_by",
                                   "acquired_before",
                                   "acquired_after",
                                   "cleanup"};
  return names[unsigned(kind)];
}

/// Prints with the numbering of one function.
class Printer {
public:
  Printer(const Unit &unit, llvm::raw_ostream &out, const DumpOptions &options) : U(unit), Out(out), Options(options) {}

  void function(Index index);
  std::string expr(Index index) const;
  std::string typeText(Index index) const;
  void attributes(List list, llvm::StringRef indent) const;

private:
  void number(const Function &function);
  void head(const Function &function) const;
  void block(Index index);
  void event(const Event &event) const;
  void call(Index index) const;
  void terminator(const Block &block) const;
  std::string blockName(Index index) const {
    auto found = BlockNumbers.find(index);
    return "b" + llvm::utostr(found == BlockNumbers.end() ? index : found->second);
  }
  std::string variable(Index index) const {
    auto found = VariableNames.find(index);
    if (found != VariableNames.end())
      return found->second;
    return index == 0 ? "owner" : std::string(U.text(U.variables[index].name));
  }
  std::string at(Index location) const;
  std::string place(Index index) const { return expr(index); }

  const Unit &U;
  llvm::raw_ostream &Out;
  const DumpOptions &Options;
  llvm::DenseMap<Index, std::string> VariableNames;
  llvm::DenseMap<Index, unsigned> BlockNumbers, CallNumbers;
};

std::string Printer::at(Index location) const {
  if (!Options.withLocations || location == 0)
    return "";
  const Location &row = U.locations[location];
  std::string text = llvm::utostr(row.line) + ":" + llvm::utostr(row.column);
  if (row.macro)
    text += "(" + std::string(U.text(row.macro)) + ")";
  return text + " ";
}

std::string Printer::typeText(Index index) const {
  const Type &type = U.types[index];
  std::string text = type.flags & TypeIsConst ? "const " : "";
  if (type.flags & TypeIsVolatile)
    text += "volatile ";
  if (type.flags & TypeIsAtomic)
    text += "_Atomic ";
  switch (type.kind) {
  case TypeKind::Pointer:
    return typeText(type.element) + "*" + (type.flags & TypeIsConst ? " const" : "");
  case TypeKind::Reference:
    return typeText(type.element) + "&";
  case TypeKind::Array:
    return typeText(type.element) + "[" + llvm::utostr(type.extent) + "]";
  case TypeKind::None:
    return "?";
  case TypeKind::Function:
    return "function";
  case TypeKind::MemberPointer:
    return "member-pointer";
  default:
    return text + std::string(U.text(type.name));
  }
}

std::string Printer::expr(Index index) const {
  const Expr &e = U.exprs[index];
  switch (e.kind) {
  case ExprKind::Unknown:
    return "?";
  case ExprKind::IntConst:
    return llvm::itostr(e.value);
  case ExprKind::NullConst:
    return "null";
  case ExprKind::StringConst:
    return "\"" + U.strings[e.a] + "\"";
  case ExprKind::FunctionRef:
    return "@" + std::string(U.text(U.functions[e.a].displayName));
  case ExprKind::Load:
    return "[" + expr(e.a) + "]";
  case ExprKind::AddressOf:
    return "&" + expr(e.a);
  case ExprKind::Result: {
    auto found = CallNumbers.find(e.a);
    return "#" + llvm::utostr(found == CallNumbers.end() ? e.a : found->second);
  }
  case ExprKind::Unary:
    return std::string(spelling(e.op)) + expr(e.a);
  case ExprKind::Binary:
    return "(" + expr(e.a) + " " + spelling(e.op) + " " + expr(e.b) + ")";
  case ExprKind::SizeOf:
    return "sizeof";
  case ExprKind::Local:
    return variable(e.a);
  case ExprKind::Global:
    return std::string(U.text(U.globals[e.a].qualifiedName));
  case ExprKind::Field: {
    std::string name(U.text(U.fields[e.b].name));
    const Expr &object = U.exprs[e.a];
    if (object.kind == ExprKind::Deref)
      return expr(object.a) + "->" + name;
    return expr(e.a) + "." + name;
  }
  case ExprKind::Index:
    return (U.exprs[e.a].kind == ExprKind::Deref ? "(" + expr(e.a) + ")" : expr(e.a)) + "[" + expr(e.b) + "]";
  case ExprKind::Deref:
    return "*" + expr(e.a);
  }
  return "?";
}

void Printer::number(const Function &function) {
  VariableNames.clear();
  BlockNumbers.clear();
  CallNumbers.clear();
  llvm::StringMap<unsigned> used;
  unsigned temporaries = 0;
  for (std::uint32_t i = 0; i != function.variables.count; ++i) {
    Index row = U.lists[function.variables.first + i];
    const Variable &variable = U.variables[row];
    std::string name(U.text(variable.name));
    if (variable.kind == VariableKind::This)
      name = "this";
    else if (variable.kind == VariableKind::ReturnSlot)
      name = "return";
    else if (variable.kind == VariableKind::Temporary)
      name = "%" + llvm::utostr(++temporaries);
    else if (name.empty())
      name = "unnamed";
    if (unsigned count = used[name]++)
      name += "." + llvm::utostr(count + 1);
    VariableNames[row] = name;
  }
  unsigned calls = 0;
  for (std::uint32_t i = 0; i != function.blocks.count; ++i) {
    Index row = U.lists[function.blocks.first + i];
    BlockNumbers[row] = i;
    const Block &block = U.blocks[row];
    for (std::uint32_t j = 0; j != block.eventCount; ++j) {
      const Event &event = U.events[block.firstEvent + j];
      if (event.kind == EventKind::Call)
        CallNumbers[event.a] = ++calls;
    }
  }
}

void Printer::attributes(List list, llvm::StringRef indent) const {
  for (std::uint32_t i = 0; i != list.count; ++i) {
    const Attribute &attribute = U.attributes[U.lists[list.first + i]];
    Out << indent << attributeName(attribute.kind) << "(";
    for (std::uint32_t j = 0; j != attribute.arguments.count; ++j)
      Out << (j ? ", " : "") << expr(U.lists[attribute.arguments.first + j]);
    Out << ")";
    if (attribute.kind == AttributeKind::TryAcquire || attribute.kind == AttributeKind::TryAcquireShared)
      Out << " = " << attribute.value;
    Out << "\n";
  }
}

void Printer::head(const Function &function) const {
  Out << "function " << U.text(function.displayName) << "(";
  for (std::uint32_t i = 0; i != function.parameterTypes.count; ++i)
    Out << (i ? ", " : "") << typeText(U.lists[function.parameterTypes.first + i]);
  Out << ") -> " << typeText(function.returnType);
  if (function.qualifiedName != function.displayName)
    Out << " = " << U.text(function.qualifiedName);
  Out << flagText(function.flags, functionFlagNames);
  if (Options.withLocations && function.location)
    Out << " at " << locationText(U, function.location);
  Out << "\n";
  for (std::uint32_t i = 0; i != function.overridden.count; ++i)
    Out << "  overrides " << U.text(U.functions[U.lists[function.overridden.first + i]].displayName) << "\n";
  attributes(function.attributes, "  ");
}

void Printer::function(Index index) {
  const Function &function = U.functions[index];
  number(function);
  head(function);
  if (function.blocks.count == 0)
    return;
  for (std::uint32_t i = 0; i != function.variables.count; ++i) {
    Index row = U.lists[function.variables.first + i];
    const Variable &local = U.variables[row];
    Out << "  var " << variable(row) << " : " << typeText(local.type) << flagText(local.flags, variableFlagNames)
        << "\n";
  }
  for (std::uint32_t i = 0; i != function.blocks.count; ++i)
    block(U.lists[function.blocks.first + i]);
}

void Printer::block(Index index) {
  const Block &block = U.blocks[index];
  Out << "  " << blockName(index) << ":" << (block.isLoopHead ? " loop" : "") << "\n";
  for (std::uint32_t i = 0; i != block.eventCount; ++i)
    event(U.events[block.firstEvent + i]);
  terminator(block);
}

void Printer::event(const Event &event) const {
  Out << "    " << at(event.location);
  switch (event.kind) {
  case EventKind::None:
    Out << "none";
    break;
  case EventKind::Assign:
    Out << expr(event.a) << " = " << expr(event.b) << flagText(event.flags, assignFlagNames);
    break;
  case EventKind::Read:
    Out << "read " << expr(event.a);
    break;
  case EventKind::Call:
    call(event.a);
    break;
  case EventKind::Begin:
    Out << "begin " << variable(event.a);
    break;
  case EventKind::End:
    Out << "end " << variable(event.a);
    break;
  case EventKind::Suspend:
    Out << "suspend " << (event.a == 2 ? "yield" : "await");
    break;
  case EventKind::OnceBegin:
    Out << "once-begin " << U.text(U.globals[event.a].qualifiedName);
    break;
  case EventKind::OnceEnd:
    Out << "once-end " << U.text(U.globals[event.a].qualifiedName);
    break;
  case EventKind::ParallelBegin:
    Out << "parallel-begin " << event.a << " in " << event.b << " kind " << unsigned(event.flags & RegionKindMask)
        << (event.flags & RegionStartsAtBarrier ? ", at a barrier" : "")
        << (event.flags & RegionIsOrphan ? ", of the caller's team" : "");
    break;
  case EventKind::ParallelEnd:
    Out << "parallel-end " << event.a << " back to " << event.b << (event.flags & RegionAllDone ? ", all done" : "")
        << (event.flags & RegionEndsAtBarrier ? ", at a barrier" : "");
    break;
  case EventKind::ParallelOrder:
    Out << "parallel-order " << event.a << " after " << event.b;
    break;
  }
  Out << "\n";
}

void Printer::call(Index index) const {
  const Call &call = U.calls[index];
  Out << "#" << CallNumbers.lookup(index) << " = call ";
  if (call.callee)
    Out << U.text(U.functions[call.callee].displayName);
  else
    Out << "(" << expr(call.calleeValue) << ")";
  Out << "(";
  for (std::uint32_t i = 0; i != call.arguments.count; ++i)
    Out << (i ? ", " : "") << expr(U.lists[call.arguments.first + i]);
  Out << ")";
  if (call.destination)
    Out << " into " << expr(call.destination);
  Out << flagText(call.flags, callFlagNames);
  if (call.unwind)
    Out << " unwind " << blockName(call.unwind);
}

void Printer::terminator(const Block &block) const {
  Out << "    " << at(block.location);
  auto successor = [&](std::uint32_t i) { return blockName(U.lists[block.successors.first + i]); };
  switch (block.terminator) {
  case TerminatorKind::None:
    Out << "(none)";
    break;
  case TerminatorKind::Goto:
    Out << "goto " << successor(0);
    break;
  case TerminatorKind::Branch:
    Out << "if " << expr(block.value) << " then " << successor(0) << " else " << successor(1);
    break;
  case TerminatorKind::Switch:
    Out << "switch " << expr(block.value);
    for (std::uint32_t i = 0; i != block.cases.count; ++i)
      Out << ", " << expr(U.lists[block.cases.first + i]) << ": " << successor(i);
    Out << ", default: " << successor(block.cases.count);
    break;
  case TerminatorKind::Return:
    Out << "return";
    break;
  case TerminatorKind::Throw:
    Out << "throw";
    if (block.successors.count)
      Out << " to " << successor(0);
    break;
  case TerminatorKind::Resume:
    Out << "resume";
    break;
  case TerminatorKind::Catch:
    Out << "catch";
    for (std::uint32_t i = 0; i != block.successors.count; ++i)
      Out << " " << successor(i);
    break;
  case TerminatorKind::Unreachable:
    Out << "unreachable";
    break;
  }
  Out << "\n";
}

void dumpRecords(const Unit &unit, llvm::raw_ostream &out, const Printer &printer) {
  for (Index i = 1; i < unit.records.size(); ++i) {
    const Record &record = unit.records[i];
    out << "record " << unit.text(record.displayName) << flagText(record.flags, recordFlagNames);
    for (std::uint32_t j = 0; j != record.bases.count; ++j)
      out << (j ? ", " : " : ") << unit.text(unit.records[unit.lists[record.bases.first + j]].displayName);
    out << "\n";
    for (std::uint32_t j = 0; j != record.fields.count; ++j) {
      const Field &field = unit.fields[unit.lists[record.fields.first + j]];
      out << "  field " << unit.text(field.name) << " : " << printer.typeText(field.type) << "\n";
      printer.attributes(field.attributes, "    ");
    }
  }
}

} // namespace

void dump(const Unit &unit, llvm::raw_ostream &out, const DumpOptions &options) {
  Printer printer(unit, out, options);
  if (unit.errorCount)
    out << "errors " << unit.errorCount << ": " << unit.text(unit.firstError) << "\n";
  if (options.withRecords)
    dumpRecords(unit, out, printer);
  for (Index i = 1; i < unit.globals.size(); ++i) {
    const Global &global = unit.globals[i];
    out << "global " << unit.text(global.qualifiedName) << " : " << printer.typeText(global.type)
        << flagText(global.flags, globalFlagNames) << "\n";
    printer.attributes(global.attributes, "  ");
  }
  for (Index i = 1; i < unit.functions.size(); ++i)
    if (unit.functions[i].blocks.count || options.withDeclarations)
      printer.function(i);
}

void dumpFunction(const Unit &unit, Index function, llvm::raw_ostream &out, const DumpOptions &options) {
  Printer(unit, out, options).function(function);
}

std::string toText(const Unit &unit, Index expr) {
  DumpOptions options;
  return Printer(unit, llvm::nulls(), options).expr(expr);
}

std::string locationText(const Unit &unit, Index location) {
  const Location &row = unit.locations[location];
  std::string text =
      unit.strings[unit.files[row.file].path] + ":" + llvm::utostr(row.line) + ":" + llvm::utostr(row.column);
  if (row.macro)
    text += " (" + unit.strings[row.macro] + ")";
  return text;
}

} // namespace gridlock::ir
