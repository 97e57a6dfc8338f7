//===- Subjects.cpp - What a condition is about -----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A condition is rarely a plain load: `hasRoom()`, `!queue.empty()`, a flag that
// was read into a variable, a predicate that was passed in. So calls are entered
// a few levels deep, arguments of library calls count as read, and a variable
// whose address never leaves its function stands for what was assigned to it.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Subjects.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

static constexpr unsigned depthLimit = 4;

bool Tested::reads(Subject subject) const { return llvm::is_contained(subjects, subject); }

bool Tested::overlaps(llvm::ArrayRef<Subject> others) const {
  return llvm::any_of(others, [&](Subject other) { return reads(other); });
}

const model::Effect *Subjects::waitEffect(const link::Program &program, link::FunctionId callee) {
  const model::FunctionModel *model = program.function(callee).model;
  if (!model)
    return nullptr;
  for (const model::Effect &effect : model->effects)
    if (effect.kind == model::EffectKind::Wait)
      return &effect;
  return nullptr;
}

Subjects::Subjects(const link::Program &program, const link::CallableFlow &flow) : Program(program), Flow(flow) {
  findCaptures();
  findKeptClosures();
  findAwaited();
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

void Subjects::findCaptures() {
  // A lambda inside a lambda captures what the outer one captured, and may have
  // a smaller number: twice around is enough for what people write.
  for (int round = 0; round < 2; ++round)
    for (link::FunctionId id = 1; id < Program.functionCount(); ++id) {
      if (!Program.function(id).hasBody)
        continue;
      const link::Program::UnitLink &link = Program.link(Program.function(id).row.unit);
      const ir::Unit &unit = *link.unit;
      Program.forEachEvent(id, [&](const ir::Event &event) {
        if (event.kind != ir::EventKind::Assign || !(event.flags & ir::AssignIsCapture))
          return;
        const ir::Expr &place = unit.exprs[event.a];
        if (place.kind != ir::ExprKind::Field || !(unit.fields[place.b].flags & ir::FieldIsCaptureByReference))
          return;
        if (Subject subject = ofPointer(id, event.b))
          Captured[link.fields[place.b]] = subject;
      });
    }
  for (const auto &entry : Captured)
    CapturedVariables.insert(entry.second);
}

void Subjects::findKeptClosures() {
  Flow.forEachKept([&](link::FunctionId id) {
    if (!(Program.function(id).flags & ir::FunctionIsLambda))
      return;
    for (link::FieldId field : Program.record(Program.function(id).record).fields) {
      const link::RowRef &at = Program.field(field).row;
      if (at.row && (Program.unit(at.unit).fields[at.row].flags & ir::FieldIsCapturedThis))
        CapturedThis.insert(field);
    }
  });
}

/// The function and the row of a variable's subject.
static std::pair<link::FunctionId, ir::Index> variableOf(Subject subject) {
  std::uint64_t rest = subject & ((1ull << 60) - 1);
  return {link::FunctionId(rest >> 28), ir::Index(rest & ((1u << 28) - 1))};
}

std::pair<link::FunctionId, ir::Index> Subjects::capturedVariable(link::FieldId field) const {
  Subject subject = captured(field);
  return subject >> 60 == 3 ? variableOf(subject) : std::pair<link::FunctionId, ir::Index>(0, 0);
}

bool Subjects::mayBeShared(Subject subject) const {
  if (subject >> 60 != 3 || CapturedVariables.contains(subject))
    return true;
  auto [function, row] = variableOf(subject);
  const ir::Unit &unit = Program.unit(Program.function(function).row.unit);
  const ir::Variable &variable = unit.variables[row];
  return (variable.flags & ir::VariableAddressTaken) && unit.types[variable.type].kind != ir::TypeKind::Record;
}

/// What the object that a pointer value leads to is part of.
Subject Subjects::ofPointer(link::FunctionId function, ir::Index value) const {
  const ir::Unit &unit = Program.unit(Program.function(function).row.unit);
  const ir::Expr &e = unit.exprs[value];
  if (e.kind == ir::ExprKind::AddressOf)
    return ofPlace(function, e.a);
  if (e.kind == ir::ExprKind::Load) {
    const ir::Expr &pointer = unit.exprs[e.a];
    return pointer.kind == ir::ExprKind::Local ? 0 : ofPlace(function, e.a);
  }
  return 0;
}

Subject Subjects::ofPlace(link::FunctionId function, ir::Index place) const {
  const link::Program::UnitLink &link = Program.link(Program.function(function).row.unit);
  const ir::Expr &e = link.unit->exprs[place];
  switch (e.kind) {
  case ir::ExprKind::Local:
    return ofLocal(function, e.a);
  case ir::ExprKind::Global:
    return ofGlobal(link.globals[e.a]);
  case ir::ExprKind::Field: {
    link::FieldId field = link.fields[e.b];
    if (auto captured = Captured.find(field); captured != Captured.end())
      return captured->second;
    return field ? ofField(field) : 0;
  }
  case ir::ExprKind::Index:
    return ofPlace(function, e.a);
  case ir::ExprKind::Deref:
    return ofPointer(function, e.a);
  default:
    return 0;
  }
}

Subject Subjects::ofTerm(const TermTable &terms, TermId place) const {
  for (TermId walk = place; walk;) {
    const Term &term = terms[walk];
    switch (term.kind) {
    case TermKind::Field:
      if (!Program.field(term.b).record) { // a model's ghost
        walk = term.a;
        continue;
      }
      if (auto captured = Captured.find(term.b); captured != Captured.end())
        return captured->second;
      return ofField(term.b);
    case TermKind::Global:
      return ofGlobal(term.a);
    case TermKind::Local:
      return ofLocal(term.a, term.b);
    case TermKind::Element:
    case TermKind::Deref:
    case TermKind::Initial:
    case TermKind::Address:
      walk = term.a;
      continue;
    default:
      return 0;
    }
  }
  return 0;
}

std::string Subjects::name(Subject subject) const {
  std::uint64_t rest = subject & ((1ull << 60) - 1);
  switch (subject >> 60) {
  case 1: {
    const link::FieldInfo &field = Program.field(link::FieldId(rest));
    std::string_view record = Program.record(field.record).qualifiedName;
    return std::string(record.empty() ? "" : std::string(record) + "::") + std::string(field.name);
  }
  case 2:
    return std::string(Program.global(link::GlobalId(rest)).qualifiedName);
  case 3: {
    const ir::Unit &unit = Program.unit(Program.function(link::FunctionId(rest >> 28)).row.unit);
    return std::string(unit.text(unit.variables[rest & ((1u << 28) - 1)].name));
  }
  default:
    return {};
  }
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

llvm::ArrayRef<ir::Index> Subjects::assigned(link::FunctionId function, ir::Index variable) const {
  if (Scanned.insert(function).second) {
    const ir::Unit &unit = Program.unit(Program.function(function).row.unit);
    Program.forEachEvent(function, [&](const ir::Event &event) {
      if (event.kind == ir::EventKind::Assign && unit.exprs[event.a].kind == ir::ExprKind::Local)
        Assigned[{function, unit.exprs[event.a].a}].push_back(event.b);
    });
  }
  auto found = Assigned.find({function, variable});
  return found == Assigned.end() ? llvm::ArrayRef<ir::Index>() : llvm::ArrayRef<ir::Index>(found->second);
}

static void add(Tested &result, Subject subject) {
  if (subject && !result.reads(subject))
    result.subjects.push_back(subject);
}

void Subjects::ofValue(link::FunctionId function, ir::Index value, Tested &result, unsigned depth) const {
  if (!value || depth > depthLimit * 2)
    return;
  const ir::Unit &unit = Program.unit(Program.function(function).row.unit);
  const ir::Expr &e = unit.exprs[value];
  switch (e.kind) {
  case ir::ExprKind::Load: {
    const ir::Expr &place = unit.exprs[e.a];
    bool isOwn = place.kind == ir::ExprKind::Local && !(unit.variables[place.a].flags & ir::VariableAddressTaken);
    if (!isOwn) {
      if (Subject subject = ofPlace(function, e.a))
        add(result, subject);
      else if (place.kind == ir::ExprKind::Deref)
        ofValue(function, place.a, result, depth + 1);
      // A variable whose address was taken may have been filled by a call.
      if (place.kind != ir::ExprKind::Local)
        break;
    }
    for (ir::Index source : llvm::SmallVector<ir::Index, 4>(assigned(function, place.a)))
      if (source != value)
        ofValue(function, source, result, depth + 2);
    break;
  }
  case ir::ExprKind::Result:
    ofCall(function, e.a, result, depth);
    break;
  case ir::ExprKind::Unary:
    ofValue(function, e.a, result, depth + 1);
    break;
  case ir::ExprKind::Binary:
    ofValue(function, e.a, result, depth + 1);
    ofValue(function, e.b, result, depth + 1);
    break;
  default:
    break;
  }
}

void Subjects::ofCall(link::FunctionId function, ir::Index row, Tested &result, unsigned depth) const {
  const link::Program::UnitLink &link = Program.link(Program.function(function).row.unit);
  const ir::Unit &unit = *link.unit;
  const ir::Call &call = unit.calls[row];
  if (row == result.ignoredCall && function == result.ignoredIn)
    return;
  link::FunctionId callee = link.functions[call.callee];
  if (waitEffect(Program, callee)) {
    result.waitResult = true;
    return;
  }
  const link::FunctionInfo &info = Program.function(callee);
  using enum model::EffectKind;
  auto does = [&](model::EffectKind kind) { return info.model->effect(kind) != nullptr; };
  if (info.model && (does(Acquire) || does(TryAcquire) || does(Release) || does(Notify)))
    return;
  for (std::uint32_t i = 0; i < call.arguments.count; ++i) {
    ir::Index argument = unit.lists[call.arguments.first + i];
    if (unit.exprs[argument].kind == ir::ExprKind::AddressOf)
      add(result, ofPlace(function, unit.exprs[argument].a));
    else
      ofValue(function, argument, result, depth + 1);
  }
  if (!callee) {
    auto targets = Flow.targets(function, call.calleeValue);
    result.unknown |= targets.empty();
    for (link::FunctionId target : targets)
      ofBody(target, result, depth + 2);
    return;
  }
  if (info.hasBody && !info.model) {
    if (call.flags & ir::CallIsVirtual)
      for (link::FunctionId target : Program.virtualTargets(callee, link.records[call.receiver], 6))
        ofBody(target, result, depth + 2);
    else
      ofBody(callee, result, depth + 2);
  } else if (!info.model || call.flags & ir::CallIsVirtual) {
    result.unknown = true;
  }
}

void Subjects::ofBody(link::FunctionId function, Tested &result, unsigned depth) const {
  const link::FunctionInfo &info = Program.function(function);
  if (!info.hasBody || depth > depthLimit * 2 || result.subjects.size() > 24)
    return;
  const ir::Unit &unit = Program.unit(info.row.unit);
  const ir::Function &body = Program.body(function);
  for (std::uint32_t b = 0; b < body.blocks.count; ++b) {
    const ir::Block &block = unit.blocks[unit.lists[body.blocks.first + b]];
    for (std::uint32_t e = 0; e < block.eventCount; ++e) {
      const ir::Event &event = unit.events[block.firstEvent + e];
      if (event.kind == ir::EventKind::Assign)
        ofValue(function, event.b, result, depth + 2);
      else if (event.kind == ir::EventKind::Call)
        ofCall(function, event.a, result, depth + 2);
    }
    if (block.value)
      ofValue(function, block.value, result, depth + 2);
  }
}

//===----------------------------------------------------------------------===//
// What waiting threads may test
//===----------------------------------------------------------------------===//

void Subjects::findAwaited() {
  // Everything that a function with a wait branches on, the predicates, and
  // what the direct callers of such a function branch on: they may hold the loop.
  std::vector<bool> waits(Program.functionCount(), false);
  std::vector<link::FunctionId> direct;
  auto tests = [&](link::FunctionId id) {
    Tested result;
    const ir::Unit &unit = Program.unit(Program.function(id).row.unit);
    const ir::Function &body = Program.body(id);
    for (std::uint32_t b = 0; b < body.blocks.count; ++b)
      ofValue(id, unit.blocks[unit.lists[body.blocks.first + b]].value, result);
    Awaited.insert(result.subjects.begin(), result.subjects.end());
  };
  auto callees = [&](link::FunctionId id, llvm::function_ref<void(const ir::Call &, link::FunctionId)> visit) {
    const link::Program::UnitLink &link = Program.link(Program.function(id).row.unit);
    Program.forEachEvent(id, [&](const ir::Event &event) {
      if (event.kind == ir::EventKind::Call)
        visit(link.unit->calls[event.a], link.functions[link.unit->calls[event.a].callee]);
    });
  };
  for (link::FunctionId id = 1; id < Program.functionCount(); ++id) {
    if (!Program.function(id).hasBody)
      continue;
    callees(id, [&](const ir::Call &call, link::FunctionId callee) {
      const model::Effect *wait = waitEffect(Program, callee);
      if (!wait)
        return;
      if (!waits[id])
        direct.push_back(id);
      waits[id] = true;
      if (!wait->predicate)
        return;
      // The predicate is one of the arguments: whatever they can call counts.
      const link::Program::UnitLink &link = Program.link(Program.function(id).row.unit);
      for (std::uint32_t i = 0; i < call.arguments.count; ++i) {
        ir::Index argument = link.unit->lists[call.arguments.first + i];
        const ir::Expr &e = link.unit->exprs[argument];
        Tested result;
        if (e.kind == ir::ExprKind::AddressOf)
          if (link::RecordId record = Program.recordOfType(Program.function(id).row.unit, link.unit->exprs[e.a].type))
            ofBody(Program.record(record).callOperator, result);
        for (link::FunctionId target : Flow.targets(id, argument))
          ofBody(target, result);
        Awaited.insert(result.subjects.begin(), result.subjects.end());
      }
    });
  }
  for (link::FunctionId id : direct)
    tests(id);
  std::vector<bool> level = waits;
  for (int round = 0; round < 2; ++round) {
    std::vector<bool> next(Program.functionCount(), false);
    for (link::FunctionId id = 1; id < Program.functionCount(); ++id) {
      if (!Program.function(id).hasBody || waits[id])
        continue;
      bool calls = false;
      callees(id, [&](const ir::Call &, link::FunctionId callee) { calls |= level[callee]; });
      if (calls)
        tests(id);
      next[id] = calls;
    }
    level = std::move(next);
  }
}

} // namespace gridlock::solve
