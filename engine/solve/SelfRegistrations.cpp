//===- SelfRegistrations.cpp - Who registers with a part of itself -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A callback that comes back to the object that calls it waits for itself when that
// object calls with its lock held. Summaries do not see that the two are one: below,
// there is a caller and some closure; above, there is an owner with a member. What
// ties them is where the closure was made: on `this`, and given to `this->member`.
// A lambda has one such place, so whoever calls it back is that very member of the
// object that it has captured, if no second place says otherwise.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/SelfRegistrations.h"
#include "engine/solve/Executor.h"
#include "engine/summary/Parameters.h"
#include "llvm/ADT/DenseSet.h"

namespace gridlock::solve {

using ir::ExprKind;

class RegistrationFinder {
public:
  RegistrationFinder(const link::Program &program, const link::CallableFlow &flow, SelfRegistrations &found)
      : Program(program), Flow(flow), Found(found) {}

  void run() {
    for (Function = 1; Function < Program.functionCount(); ++Function) {
      const link::FunctionInfo &info = Program.function(Function);
      if (!info.hasBody || !info.record || (info.flags & ir::FunctionIsLambda))
        continue;
      Link = &Program.link(info.row.unit);
      if (!ir::takesObject(*Link->unit, Program.body(Function)))
        continue;
      MadeHere.clear();
      Program.forEachEvent(Function, [&](const ir::Event &event) {
        if (event.kind == ir::EventKind::Assign)
          noteClosure(event);
        else if (event.kind == ir::EventKind::Call)
          noteCall(Link->unit->calls[event.a]);
      });
    }
  }

private:
  const ir::Expr &expr(ir::Index id) const { return Link->unit->exprs[id]; }

  bool isThis(ir::Index value) const {
    const ir::Expr &load = expr(value);
    return load.kind == ExprKind::Load && expr(load.a).kind == ExprKind::Local &&
           Link->unit->variables[expr(load.a).a].kind == ir::VariableKind::This;
  }

  /// The field of `this` that a place is; 0: it is none.
  link::FieldId memberAt(ir::Index place) const {
    const ir::Expr &field = expr(place);
    const bool isOfThis =
        field.kind == ExprKind::Field && expr(field.a).kind == ExprKind::Deref && isThis(expr(field.a).a);
    return isOfThis ? Link->fields[field.b] : 0;
  }

  void noteClosure(const ir::Event &event) {
    const ir::Expr &place = expr(event.a);
    if (place.kind == ExprKind::Field && (Link->unit->fields[place.b].flags & ir::FieldIsCapturedThis) &&
        isThis(event.b))
      MadeHere.insert(Link->fields[place.b]);
  }

  /// Whether a model's function returns the pointer that the object holds.
  static bool returnsPointer(const model::FunctionModel &model) {
    return llvm::any_of(model.effects, [](const model::Effect &effect) {
      return effect.kind == model::EffectKind::Returns && effect.value.text == "this.$ptr";
    });
  }

  /// The member on which a method is called.
  Registration receiverOf(ir::Index object) const {
    const ir::Expr &value = expr(object);
    if (value.kind == ExprKind::AddressOf)
      return {Registration::Part, memberAt(value.a), 0};
    if (value.kind == ExprKind::Load)
      return {Registration::Pointer, memberAt(value.a), 0};
    if (value.kind != ExprKind::Result)
      return {};
    const ir::Call &access = Link->unit->calls[value.a];
    const link::FunctionInfo &callee = Program.function(Link->functions[access.callee]);
    return access.callee && callee.model && access.arguments.count && returnsPointer(*callee.model)
               ? Registration{Registration::SmartPointer, memberOf(access), 0}
               : Registration{};
  }
  link::FieldId memberOf(const ir::Call &access) const {
    const ir::Expr &pointer = expr(Link->unit->lists[access.arguments.first]);
    return pointer.kind == ExprKind::AddressOf ? memberAt(pointer.a) : 0;
  }

  void noteCall(const ir::Call &call) {
    const link::FunctionId callee = Link->functions[call.callee];
    if (!call.callee || call.arguments.count < 2 || !Program.function(callee).hasBody ||
        !Program.function(callee).record || Program.function(callee).model)
      return;
    Registration registration = receiverOf(Link->unit->lists[call.arguments.first]);
    registration.caller = Program.function(callee).record;
    const bool isOwn = registration.member != 0;
    for (std::uint32_t i = 1; i < call.arguments.count; ++i) {
      const ir::Index argument = Link->unit->lists[call.arguments.first + i];
      if (isThis(argument))
        agree(Found.Classes, Program.function(Function).record, isOwn ? registration : Registration{});
      else
        for (link::FunctionId target : Flow.targets(Function, argument))
          for (link::FieldId field : Program.record(Program.function(target).record).fields)
            if (MadeHere.contains(field))
              agree(Found.Captures, field, isOwn ? registration : Registration{});
    }
  }

  static void agree(SelfRegistrations::Table &table, std::uint32_t key, const Registration &registration) {
    auto [known, isNew] = table.try_emplace(key, registration);
    if (!isNew && known->second != registration)
      known->second = {};
  }

  const link::Program &Program;
  const link::CallableFlow &Flow;
  SelfRegistrations &Found;
  link::FunctionId Function = 0;
  const link::Program::UnitLink *Link = nullptr;
  llvm::DenseSet<link::FieldId> MadeHere; ///< captures of lambdas that this function makes on its object
};

SelfRegistrations::SelfRegistrations(const link::Program &program, const link::CallableFlow &flow) {
  RegistrationFinder(program, flow, *this).run();
}

//===----------------------------------------------------------------------===//
// Calls back
//===----------------------------------------------------------------------===//

/// A method calls back `target`, whose object is the first argument or what its closure
/// has captured: where that is the owner of this method's object, the frame says so.
void FunctionExecutor::noteCallBack(State &state, link::FunctionId target, CallFrame &frame) {
  frame.callBack = {};
  const link::RecordId mine = Program.function(Function).record;
  if (Shared.registrations.empty() || !mine || !ir::takesObject(Unit, Body))
    return;
  const Registration *registration = nullptr;
  TermId object = frame.arguments.empty() ? 0 : frame.arguments.front();
  if (Program.function(target).flags & ir::FunctionIsLambda) {
    for (link::FieldId field : Program.record(Program.function(target).record).fields)
      if (const Registration *of = Shared.registrations.ofCapture(field)) {
        registration = of;
        object = terms().opaque(OriginKind::CapturedThis, field);
      }
  } else {
    registration = Shared.registrations.ofClass(Program.function(target).record);
  }
  if (!registration || registration->caller != mine || !object || object == terms().formal(0))
    return;
  TermId place = terms().field(terms().deref(object), registration->member);
  if (registration->way == Registration::SmartPointer)
    place = terms().field(place, Program.ghostField("$ptr"));
  if (registration->way != Registration::Part)
    place = terms().deref(load(state, place));
  frame.callBack = {place, terms().deref(terms().formal(0))};
}

} // namespace gridlock::solve
