//===- ThreadHandles.cpp - Handles that nobody waits for --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which path joins a thread that is kept in a member, no path of one function
// tells: it is started here and joined there, or by the owner's destructor. So
// members and globals are taken as a class, over the whole program: one join,
// one detach, one copy, one call that gets the handle or its address is enough
// to say nothing. What is left has no code that could ever wait for the thread.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/ThreadHandles.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

namespace {

class HandleFinder {
public:
  explicit HandleFinder(Solution &solution) : S(solution) {}

  void run() {
    for (link::FunctionId id = 1; id < S.program.functionCount(); ++id)
      if (S.program.function(id).hasBody && !S.inSystemHeader(id))
        scan(id);
    addRawHandles();
    for (const UnjoinedHandle &handle : Started)
      if (!Ended.contains(handle.holder))
        S.unjoinedHandles.push_back(handle);
  }

private:
  /// The member or global that an argument is, or points into; 0: none.
  Subject holderOf(link::FunctionId function, ir::Index expr) const {
    const ir::Unit &unit = S.program.unit(S.program.function(function).row.unit);
    const ir::Expr &e = unit.exprs[expr];
    Subject subject = 0;
    if (e.kind == ir::ExprKind::AddressOf || e.kind == ir::ExprKind::Load)
      subject = S.subjects->ofPlace(function, e.a);
    else if (e.kind == ir::ExprKind::Binary)
      return holderOf(function, e.a); // `tids + i`
    return subject >> 60 == 3 ? 0 : subject;
  }

  void scan(link::FunctionId id) {
    const link::Program::UnitLink &link = S.program.link(S.program.function(id).row.unit);
    S.program.forEachEvent(id, [&](const ir::Event &event) {
      if (event.kind == ir::EventKind::Assign)
        end(holderOf(id, event.b)); // a copy, or a reference to it
      else if (event.kind == ir::EventKind::Call)
        scanCall(id, link, link.unit->calls[event.a], event.location);
    });
  }

  void end(Subject holder) {
    if (holder)
      Ended.insert(holder);
  }

  void scanCall(link::FunctionId id, const link::Program::UnitLink &link, const ir::Call &call, ir::Index location) {
    const ir::Unit &unit = *link.unit;
    link::FunctionId callee = link.functions[call.callee];
    const link::FunctionInfo &info = S.program.function(callee);
    const model::TypeModel *type = info.record ? S.program.record(info.record).model : nullptr;
    bool isThread = type && type->terminatesWhenJoinable;
    auto argument = [&](std::uint32_t i) { return unit.lists[call.arguments.first + i]; };
    std::uint32_t first = 0;
    if (isThread && call.arguments.count) {
      first = 1; // the object itself
      Subject holder = holderOf(id, argument(0));
      std::string_view name = info.qualifiedName.substr(info.qualifiedName.rfind(':') + 1);
      bool begins = name == "operator=" || ((info.flags & ir::FunctionIsConstructor) && call.arguments.count > 1);
      if (holder && begins && !(unit.exprs[argument(0)].kind == ir::ExprKind::Load))
        Started.push_back({holder, id, call.location ? call.location : location, 0, true});
      if (name == "join" || name == "detach" || name == "swap")
        end(holder);
    }
    bool harmless = info.model && !isThread && (info.model->pure || info.model->effect(model::EffectKind::Spawns));
    if (harmless)
      return;
    for (std::uint32_t i = first; i < call.arguments.count; ++i)
      end(holderOf(id, argument(i)));
  }

  /// Plain handles, by where the solver saw threads put.
  void addRawHandles() {
    for (std::uint32_t i = 1; i < S.spawns.size(); ++i) {
      const Spawn &spawn = S.spawns[i];
      if (spawn.what != "thread" || !spawn.handle || spawn.mayDetach || runsForEver(S, spawn.entry))
        continue;
      const Term &last = S.terms[spawn.handle];
      if (last.kind == TermKind::Field && !S.program.field(last.b).record)
        continue; // part of an object
      TermId walk = spawn.handle;
      while (S.terms[walk].kind == TermKind::Element)
        walk = S.terms[walk].a;
      bool isHolder = S.terms[walk].kind == TermKind::Global || S.terms[walk].kind == TermKind::Field;
      TermKind root = S.terms[S.terms.root(spawn.handle)].kind;
      if (!isHolder || root == TermKind::Local)
        continue;
      const Step &step = S.steps[S.innermost(spawn.step)];
      Started.push_back({S.subjects->ofTerm(S.terms, walk), step.function, step.location, i, false});
    }
  }

  Solution &S;
  std::vector<UnjoinedHandle> Started;
  llvm::DenseSet<Subject> Ended;
};

} // namespace

void findUnjoinedHandles(Solution &solution) { HandleFinder(solution).run(); }

} // namespace gridlock::solve
