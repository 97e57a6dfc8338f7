//===- thread-start-in-constructor.cpp ---------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A constructor gives `this` to a thread before the object is complete: members
// that the thread uses are written later, or the thread calls virtual methods
// that a derived class overrides.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include <set>

namespace gridlock::checks {

using namespace solve;

namespace {

/// What a thread's function and everything below it touches.
class Reach {
public:
  explicit Reach(const link::Program &program) : Program(program) {}

  void add(link::FunctionId function, unsigned depth = 0) {
    if (!function || depth > 6 || !Program.function(function).hasBody || Program.function(function).model ||
        !Seen.insert(function).second)
      return;
    const link::Program::UnitLink &link = Program.link(Program.function(function).row.unit);
    const ir::Unit &unit = *link.unit;
    const ir::Function &body = Program.body(function);
    for (std::uint32_t b = 0; b < body.blocks.count; ++b) {
      const ir::Block &block = unit.blocks[unit.lists[body.blocks.first + b]];
      addExpr(link, block.value, 0);
      for (std::uint32_t e = 0; e < block.eventCount; ++e) {
        const ir::Event &event = unit.events[block.firstEvent + e];
        if (event.kind == ir::EventKind::Assign) {
          addExpr(link, event.a, 0);
          addExpr(link, event.b, 0);
        } else if (event.kind == ir::EventKind::Read) {
          addExpr(link, event.a, 0);
        } else if (event.kind == ir::EventKind::Call) {
          addCall(link, unit.calls[event.a], depth);
        }
      }
    }
  }

  llvm::DenseSet<link::FieldId> fields;
  std::vector<std::pair<link::FunctionId, link::RecordId>> virtualCalls; ///< with the static class

private:
  void addCall(const link::Program::UnitLink &link, const ir::Call &call, unsigned depth) {
    for (std::uint32_t i = 0; i < call.arguments.count; ++i)
      addExpr(link, link.unit->lists[call.arguments.first + i], 0);
    link::FunctionId callee = link.functions[call.callee];
    if (!(call.flags & ir::CallIsVirtual)) {
      add(callee, depth + 1);
      return;
    }
    link::RecordId receiver = link.records[call.receiver];
    virtualCalls.push_back({callee, receiver});
    for (link::FunctionId target : Program.virtualTargets(callee, receiver, 6))
      add(target, depth + 1);
  }

  void addExpr(const link::Program::UnitLink &link, ir::Index row, unsigned depth) {
    const ir::Expr &e = link.unit->exprs[row];
    if (!row || depth > 12)
      return;
    if (e.kind == ir::ExprKind::Field)
      fields.insert(link.fields[e.b]);
    switch (e.kind) {
    case ir::ExprKind::Binary:
    case ir::ExprKind::Index:
      addExpr(link, e.b, depth + 1);
      [[fallthrough]];
    case ir::ExprKind::Load:
    case ir::ExprKind::AddressOf:
    case ir::ExprKind::Unary:
    case ir::ExprKind::Field:
    case ir::ExprKind::Deref:
      addExpr(link, e.a, depth + 1);
      break;
    default:
      break;
    }
  }

  const link::Program &Program;
  llvm::DenseSet<link::FunctionId> Seen;
};

} // namespace

static bool isThreadObject(const link::Program &program, link::FieldId field) {
  const link::RowRef &row = program.field(field).row;
  if (!row.row)
    return false;
  link::RecordId record = program.recordOfType(row.unit, program.unit(row.unit).fields[row.row].type);
  const model::TypeModel *type = record ? program.record(record).model : nullptr;
  return type && (type->terminatesWhenJoinable || type->joinsOnDestruction);
}

/// A virtual method of the class that is not final, and that some class which
/// derives from it overrides, or has to.
static link::FunctionId unfinishedVirtual(const link::Program &program, const Reach &reach, link::RecordId made) {
  if (program.record(made).flags & ir::RecordIsFinal)
    return 0;
  for (auto [method, receiver] : reach.virtualCalls) {
    bool ofThis = receiver && (receiver == made || program.derivesFrom(made, receiver));
    if (!ofThis || (program.function(method).flags & ir::FunctionIsFinal))
      continue;
    auto targets = program.virtualTargets(method, made, 8);
    bool overridden = llvm::any_of(targets, [&](link::FunctionId target) {
      link::RecordId record = program.function(target).record;
      return record != made && program.derivesFrom(record, made);
    });
    if (overridden || (targets.empty() && (program.function(method).flags & ir::FunctionIsPure)))
      return method;
  }
  return 0;
}

static Finding begin(const Solution &solution, RuleOutput &output, link::FunctionId constructor, StepId startedAt) {
  Finding finding = output.make();
  finding.location = solution.location(solution.innermost(startedAt));
  finding.severity = Severity::Warning;
  finding.identity = {solution.functionName(constructor)};
  return finding;
}

void threadStartInConstructor(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  const link::Program &program = solution.program;
  std::set<SourceLocation> reported;
  for (const LateMember &fact : solution.lateMembers) {
    if (!fact.spawn || isThreadObject(program, fact.field))
      continue;
    Reach reach(program);
    reach.add(solution.spawns[fact.spawn].entry);
    if (!reach.fields.contains(fact.field))
      continue;
    Finding finding = begin(solution, output, fact.constructor, fact.startedAt);
    if (!reported.insert(finding.location).second)
      continue;
    std::string member = "`" + solution.subjects->name(Subjects::ofField(fact.field)) + "`";
    finding.message =
        "this constructor starts a thread that uses " + member + ", and writes " + member + " only afterwards";
    finding.help = "start the thread last, when every member has its value; declare the member that holds it last";
    finding.confidence = Confidence::Medium;
    TraceBuilder trace(solution, "Thread 1");
    trace.chain(fact.startedAt, "starts the thread, which gets `this`").chain(fact.writtenAt, "writes " + member);
    finding.threads.push_back(trace.build());
    TraceBuilder other(solution, "Thread 2");
    other.spawnedBy(fact.spawn);
    finding.threads.push_back(other.build());
    output.add(std::move(finding));
  }
  for (const ConstructorStart &fact : solution.constructorStarts) {
    if (!fact.spawn)
      continue;
    Reach reach(program);
    reach.add(solution.spawns[fact.spawn].entry);
    link::RecordId made = program.function(fact.constructor).record;
    link::FunctionId method = unfinishedVirtual(program, reach, made);
    if (!method)
      continue;
    Finding finding = begin(solution, output, fact.constructor, fact.startedAt);
    if (!reported.insert(finding.location).second)
      continue;
    std::string name = "`" + solution.functionName(method) + "`";
    finding.message = "this constructor starts a thread that calls " + name +
                      ", which a derived class overrides: its part of the object does not exist yet";
    finding.help = "start the thread in a separate function that is called on the complete object, and stop it before "
                   "the destructor of the derived class ends";
    finding.confidence = Confidence::Medium;
    TraceBuilder trace(solution, "Thread 1");
    trace.chain(fact.startedAt, "starts the thread, which gets `this`");
    finding.threads.push_back(trace.build());
    TraceBuilder other(solution, "Thread 2");
    other.spawnedBy(fact.spawn);
    finding.threads.push_back(other.build());
    output.add(std::move(finding));
  }
}

} // namespace gridlock::checks
