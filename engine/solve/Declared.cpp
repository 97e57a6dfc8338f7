//===- Declared.cpp - What thread-safety attributes say -------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Attributes are believed where nothing else is known, and checked where it is.
// A function without a body does what its attributes say. A function with a body
// does what the body does, unless that shows no lock at all (a futex, an
// instruction). That a lock is required is believed of functions that outsiders
// call; the callers that are there show whether they hold it. A declared guard
// is evidence, as a majority of accesses is; it proves no second thread.
//
// A scoped class remembers its lock in the same ghost fields as the models'
// guards do: `$lock` is the lock's address, `$owns` whether it is held.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Declared.h"
#include "engine/solve/Solution.h"
#include "engine/summary/Parameters.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

using ir::AttributeKind;

/// Turns the places of attributes into terms.
class DeclarationReader {
public:
  DeclarationReader(Solution &solution, DeclaredLocks &declared)
      : S(solution), Program(solution.program), Declared(declared) {}

  void run() {
    for (link::FunctionId id = 1; id < Program.functionCount(); ++id)
      readFunction(id);
    for (link::FieldId id = 1; id < Program.fieldCount(); ++id)
      readField(id);
    for (link::GlobalId id = 1; id < Program.globalCount(); ++id)
      readGlobal(id);
  }

private:
  void enter(link::UnitId unit) {
    Link = &Program.link(unit);
    Unit = Link->unit.get();
  }

  template <class Visit> void forEach(ir::List attributes, Visit visit) {
    for (std::uint32_t i = 0; i < attributes.count; ++i)
      visit(Unit->attributes[Unit->lists[attributes.first + i]]);
  }

  void readFunction(link::FunctionId id) {
    const link::RowRef &row = Program.function(id).row;
    enter(row.unit);
    const ir::Function &declaration = Unit->functions[row.row];
    if (!declaration.attributes.count)
      return;
    Function = &declaration;
    std::vector<DeclaredLock> locks;
    forEach(Function->attributes, [&](const ir::Attribute &attribute) {
      for (std::uint32_t i = 0; i < attribute.arguments.count; ++i)
        if (ir::Index argument = Unit->lists[attribute.arguments.first + i]; TermId lock = place(argument))
          locks.push_back({attribute.kind, innerLock(lock, row.unit, Unit->exprs[argument].type), attribute.value});
      // Without arguments the object itself is meant, or what it guards.
      if (!attribute.arguments.count && Program.function(id).record)
        locks.push_back({attribute.kind, 0, attribute.value});
    });
    Function = nullptr;
    if (!locks.empty())
      Declared.Functions[id] = std::move(locks);
  }

  /// What is held when a lock of a class with operations in the program is held:
  /// the lock inside of it.
  TermId innerLock(TermId lock, link::UnitId unit, ir::Index type) {
    for (unsigned depth = 0; depth < 4; ++depth) {
      link::RecordId record = Program.recordOfType(unit, type);
      if (!record || Program.record(record).model || !operatesOnMember(record))
        return lock;
      link::FieldId inner = 0;
      for (link::FieldId field : Program.record(record).fields) {
        const link::RowRef &row = Program.field(field).row;
        ir::Index fieldType = Program.unit(row.unit).fields[row.row].type;
        const model::TypeModel *model = Program.typeModel(row.unit, fieldType);
        link::RecordId other = Program.recordOfType(row.unit, fieldType);
        bool isLock = model ? model->lock != model::LockKind::None
                            : other && (Program.record(other).flags & ir::RecordIsCapability);
        if (!isLock)
          continue;
        if (inner)
          return lock; // which of them is taken is not known
        inner = field;
        unit = row.unit;
        type = fieldType;
      }
      if (!inner)
        return lock;
      lock = S.terms.field(lock, inner);
    }
    return lock;
  }

  /// Whether a class that is a lock has operations with bodies.
  bool operatesOnMember(link::RecordId record) {
    if (!(Program.record(record).flags & ir::RecordIsCapability))
      return false;
    auto [known, isNew] = Operates.try_emplace(record, false);
    for (link::FunctionId id = 1; isNew && id < Program.functionCount(); ++id)
      if (Program.function(id).record == record && Program.function(id).hasBody && hasAcquire(id))
        known->second = true;
    return known->second;
  }

  bool hasAcquire(link::FunctionId id) const {
    const ir::Unit &unit = Program.unit(Program.function(id).row.unit);
    const ir::List &attributes = Program.body(id).attributes;
    for (std::uint32_t i = 0; i < attributes.count; ++i)
      if (unit.attributes[unit.lists[attributes.first + i]].kind == AttributeKind::Acquire)
        return true;
    return false;
  }

  void readField(link::FieldId id) {
    const link::RowRef &row = Program.field(id).row;
    if (!row.row)
      return;
    enter(row.unit);
    TermId self = S.terms.field(S.terms.deref(S.terms.formal(0)), id);
    forEach(Unit->fields[row.row].attributes, [&](const ir::Attribute &attribute) {
      readVariable(attribute, self, Declared.Guards[id], Declared.PointeeGuards[id]);
    });
  }

  void readGlobal(link::GlobalId id) {
    const link::RowRef &row = Program.global(id).row;
    enter(row.unit);
    TermId pointee = 0;
    forEach(Unit->globals[row.row].attributes, [&](const ir::Attribute &attribute) {
      readVariable(attribute, S.terms.global(id), Declared.GlobalGuards[id], pointee);
    });
  }

  void readVariable(const ir::Attribute &attribute, TermId self, TermId &guard, TermId &pointeeGuard) {
    for (std::uint32_t i = 0; i < attribute.arguments.count; ++i) {
      TermId lock = place(Unit->lists[attribute.arguments.first + i]);
      if (!lock)
        continue;
      switch (attribute.kind) {
      case AttributeKind::GuardedBy:
        guard = lock;
        break;
      case AttributeKind::PointeeGuardedBy:
        pointeeGuard = lock;
        break;
      case AttributeKind::AcquiredBefore:
        Declared.Orders.push_back({self, lock});
        break;
      case AttributeKind::AcquiredAfter:
        Declared.Orders.push_back({lock, self});
        break;
      default:
        break;
      }
    }
  }

  /// The argument's value that a variable stands for; 0: no parameter.
  TermId formalOf(ir::Index variable) {
    if (!Function) // the owner of a field
      return variable ? 0 : S.terms.formal(0);
    bool isMethod = ir::takesObject(*Unit, *Function);
    const ir::Variable &row = Unit->variables[variable];
    if (row.kind == ir::VariableKind::This)
      return S.terms.formal(0);
    return row.kind == ir::VariableKind::Parameter ? S.terms.formal(row.position + unsigned(isMethod)) : 0;
  }

  TermId value(ir::Index expr) {
    const ir::Expr &e = Unit->exprs[expr];
    if (e.kind == ir::ExprKind::AddressOf) {
      TermId at = place(e.a);
      return at ? S.terms.address(at) : 0;
    }
    if (e.kind == ir::ExprKind::IntConst)
      return S.terms.integer(e.value);
    if (e.kind != ir::ExprKind::Load)
      return 0;
    if (Unit->exprs[e.a].kind == ir::ExprKind::Local)
      return formalOf(Unit->exprs[e.a].a);
    TermId at = place(e.a);
    return at ? S.terms.initial(at) : 0;
  }

  TermId place(ir::Index expr) {
    const ir::Expr &e = Unit->exprs[expr];
    switch (e.kind) {
    case ir::ExprKind::Global:
      return S.terms.global(Link->globals[e.a]);
    case ir::ExprKind::Local: { // an object passed by value
      TermId address = formalOf(e.a);
      return address ? S.terms.deref(address) : 0;
    }
    case ir::ExprKind::Field: {
      TermId object = place(e.a);
      return object ? S.terms.field(object, Link->fields[e.b]) : 0;
    }
    case ir::ExprKind::Index: {
      TermId array = place(e.a), index = value(e.b);
      return array ? S.terms.element(array, index) : 0;
    }
    case ir::ExprKind::Deref: {
      TermId pointer = value(e.a);
      return pointer ? S.terms.deref(pointer) : 0;
    }
    default:
      return 0;
    }
  }

  Solution &S;
  const link::Program &Program;
  DeclaredLocks &Declared;
  const link::Program::UnitLink *Link = nullptr;
  const ir::Unit *Unit = nullptr;
  llvm::DenseMap<link::RecordId, bool> Operates;
  const ir::Function *Function = nullptr; ///< whose attributes are read; null: a variable's
};

DeclaredLocks::DeclaredLocks(Solution &solution) {
  bool any = false;
  for (link::UnitId unit = 0; unit < solution.program.unitCount(); ++unit)
    any |= solution.program.unit(unit).attributes.size() > 1;
  if (any)
    DeclarationReader(solution, *this).run();
}

llvm::ArrayRef<DeclaredLock> DeclaredLocks::of(link::FunctionId function) const {
  auto found = Functions.find(function);
  return found == Functions.end() ? llvm::ArrayRef<DeclaredLock>() : llvm::ArrayRef<DeclaredLock>(found->second);
}

static bool isAcquire(AttributeKind kind) {
  return kind == AttributeKind::Acquire || kind == AttributeKind::AcquireShared;
}
static bool isRelease(AttributeKind kind) {
  return kind == AttributeKind::Release || kind == AttributeKind::ReleaseShared;
}
static bool isTry(AttributeKind kind) {
  return kind == AttributeKind::TryAcquire || kind == AttributeKind::TryAcquireShared;
}

bool DeclaredLocks::changesLocks(link::FunctionId function) const {
  return llvm::any_of(of(function), [](const DeclaredLock &lock) {
    return isAcquire(lock.kind) || isRelease(lock.kind) || isTry(lock.kind);
  });
}

link::FieldId DeclaredLocks::guardedPointer(const TermTable &terms, TermId place) const {
  if (PointeeGuards.empty())
    return 0;
  while (terms[place].kind == TermKind::Field || terms[place].kind == TermKind::Element)
    place = terms[place].a;
  if (terms[place].kind != TermKind::Deref || terms[terms[place].a].kind != TermKind::Initial)
    return 0;
  link::FieldId holder = terms.declaredField(terms[terms[place].a].a);
  return guardOfPointee(holder) ? holder : 0;
}

//===----------------------------------------------------------------------===//
// Summaries
//===----------------------------------------------------------------------===//

namespace {

/// Makes the outcomes of a function from its attributes.
class DeclaredSummary {
public:
  DeclaredSummary(Solution &solution, link::FunctionId function)
      : S(solution), Terms(solution.terms), Function(function), Info(solution.program.function(function)),
        IsScoped(Info.record && (solution.program.record(Info.record).flags & ir::RecordIsScopedLockable)) {
    Self = Terms.deref(Terms.formal(0));
    LockAddress = Terms.field(Self, S.program.ghostField("$lock"));
    Owns = Terms.field(Self, S.program.ghostField("$owns"));
    S.steps.push_back({Function, S.program.body(Function).location, 0, StepId(S.steps.size())});
    At = StepId(S.steps.size() - 1);
  }

  ProcedureSummary build() {
    Summary.computed = true;
    Outcome done;
    for (const DeclaredLock &lock : S.declared.of(Function)) {
      if (isAcquire(lock.kind))
        acquire(done, lock);
      else if (isRelease(lock.kind))
        release(done, lock);
      else if (isTry(lock.kind))
        tryAcquire(lock);
      else if (lock.kind == AttributeKind::Excludes && lock.lock)
        record(lock, false);
      else if (IsScoped && (Info.flags & ir::FunctionIsConstructor) && lock.lock &&
               (lock.kind == AttributeKind::Requires || lock.kind == AttributeKind::RequiresShared))
        own(done, lock.lock, true); // it adopts what is held
    }
    if (Summary.outcomes.empty())
      Summary.outcomes.push_back(std::move(done));
    return std::move(Summary);
  }

private:
  TermId lockOf(const DeclaredLock &lock) const {
    if (lock.lock)
      return lock.lock;
    return IsScoped ? Terms.deref(Terms.initial(LockAddress)) : Self;
  }

  Held heldLock(const DeclaredLock &declared, bool byTry) const {
    Held held;
    held.lock = lockOf(declared);
    held.mode = declared.isShared() ? model::LockMode::Shared : model::LockMode::Exclusive;
    held.byTry = byTry;
    held.acquiredAt = At;
    held.traits = traitsOf(held.lock);
    return held;
  }

  LockTraits traitsOf(TermId lock) const {
    LockTraits traits;
    if (link::FieldId field = Terms.declaredField(lock)) {
      const link::RowRef &row = S.program.field(field).row;
      if (const model::TypeModel *model =
              S.program.typeModel(row.unit, S.program.unit(row.unit).fields[row.row].type)) {
        traits.kind = model->lock == model::LockKind::None ? traits.kind : model->lock;
        traits.recursion = model->recursive;
      }
    }
    return traits;
  }

  void record(const DeclaredLock &lock, bool byTry) {
    Held held = heldLock(lock, byTry);
    Record acquired;
    acquired.kind = RecordKind::Acquire;
    acquired.mode = held.mode;
    acquired.byTry = byTry;
    acquired.traits = held.traits;
    acquired.subject = held.lock;
    acquired.step = At;
    Summary.records.push_back(std::move(acquired));
  }

  /// The scoped object owns its lock from now on, or no longer.
  void own(Outcome &outcome, TermId lock, bool owns) {
    if (!IsScoped)
      return;
    if (lock && (Info.flags & ir::FunctionIsConstructor))
      outcome.writes.push_back({LockAddress, Terms.address(lock)});
    outcome.writes.push_back({Owns, Terms.integer(owns)});
  }

  void acquire(Outcome &outcome, const DeclaredLock &lock) {
    record(lock, false);
    outcome.acquired.push_back(heldLock(lock, false));
    own(outcome, lock.lock, true);
  }

  void release(Outcome &outcome, const DeclaredLock &lock) {
    if (IsScoped && !lock.lock && (Info.flags & ir::FunctionIsDestructor)) {
      // Only what it still owns.
      Outcome empty;
      empty.conditions.push_back({.term = Terms.initial(Owns), .low = 0, .high = 0});
      Summary.outcomes.push_back(std::move(empty));
      Outcome owning;
      owning.conditions.push_back({.term = Terms.initial(Owns), .low = 1, .high = 1});
      owning.released.push_back({lockOf(lock), At});
      own(owning, 0, false);
      Summary.outcomes.push_back(std::move(owning));
      return;
    }
    outcome.released.push_back({lockOf(lock), At});
    own(outcome, 0, false);
  }

  void tryAcquire(const DeclaredLock &lock) {
    record(lock, true);
    Outcome success, failure;
    success.acquired.push_back(heldLock(lock, true));
    own(success, lock.lock, true);
    success.result = Terms.integer(lock.value);
    success.resultIsNotNull = lock.value != 0;
    failure.result = lock.value ? Terms.integer(0)
                                : Terms.opaque(OriginKind::TryFailure, std::int64_t(Function) << 32 | lockOf(lock));
    failure.resultIsNotNull = !lock.value;
    failure.notHeld.push_back(lockOf(lock));
    Summary.outcomes.push_back(std::move(success));
    Summary.outcomes.push_back(std::move(failure));
  }

  Solution &S;
  TermTable &Terms;
  const link::FunctionId Function;
  const link::FunctionInfo &Info;
  const bool IsScoped;
  TermId Self = 0, LockAddress = 0, Owns = 0;
  StepId At = 0;
  ProcedureSummary Summary;
};

} // namespace

void summarizeDeclared(Solution &solution, link::FunctionId function) {
  const link::FunctionInfo &info = solution.program.function(function);
  if (info.model)
    return;
  if (!info.hasBody) {
    bool says = solution.declared.changesLocks(function) ||
                llvm::any_of(solution.declared.of(function), [](const DeclaredLock &lock) {
                  return lock.kind == AttributeKind::Excludes && lock.lock;
                });
    if (says)
      solution.summaries[function] = DeclaredSummary(solution, function).build();
    return;
  }
  // A body in which no lock is seen: what it is made of is not known.
  ProcedureSummary &known = solution.summaries[function];
  if (!solution.declared.changesLocks(function) || known.changesLocks() || known.neverReturns || !known.computed)
    return;
  if (llvm::any_of(known.records, [](const Record &record) { return record.kind == RecordKind::Acquire; }))
    return;
  ProcedureSummary made = DeclaredSummary(solution, function).build();
  known.outcomes = std::move(made.outcomes);
  llvm::append_range(known.records, made.records);
}

//===----------------------------------------------------------------------===//
// Names and orders
//===----------------------------------------------------------------------===//

bool isDeclaredLock(std::string_view heldClass, std::string_view declaredClass) {
  if (!heldClass.starts_with(declaredClass))
    return false;
  std::string_view rest = heldClass.substr(declaredClass.size());
  return rest.empty() || rest.front() == '.' || declaredClass.back() == ' ';
}

std::vector<OrderBreach> findOrderBreaches(const Solution &solution) {
  std::vector<OrderBreach> breaches;
  // What comes before what, also by way of a third lock.
  struct Named {
    std::string first, second, declaredAt;
  };
  std::vector<Named> orders;
  for (const DeclaredLocks::Order &order : solution.declared.orders()) {
    const LockName &first = solution.name(order.first, 0), &second = solution.name(order.second, 0);
    if (!first.generic && !second.generic)
      orders.push_back({first.classKey, second.classKey, first.display + "` before `" + second.display});
  }
  constexpr std::size_t orderLimit = 1000;
  for (std::size_t i = 0; i < orders.size() && orders.size() < orderLimit; ++i)
    for (std::size_t j = 0; j < orders.size() && orders.size() < orderLimit; ++j)
      if (orders[i].second == orders[j].first && llvm::none_of(orders, [&](const Named &known) {
            return known.first == orders[i].first && known.second == orders[j].second;
          }))
        orders.push_back({orders[i].first, orders[j].second, orders[i].declaredAt});
  if (orders.empty())
    return breaches;
  std::set<std::pair<std::string, std::string>> reported;
  for (std::size_t i = 0; i < solution.pairs.size(); ++i) {
    const LockPair &pair = solution.pairs[i];
    if (pair.byTry || pair.lossy || pair.manyTargets || pair.heldName.generic || pair.acquiredName.generic)
      continue;
    for (const Named &order : orders)
      if (isDeclaredLock(pair.heldName.classKey, order.second) &&
          isDeclaredLock(pair.acquiredName.classKey, order.first) &&
          reported.insert({pair.heldName.classKey, pair.acquiredName.classKey}).second)
        breaches.push_back({i, order.declaredAt});
  }
  return breaches;
}

} // namespace gridlock::solve
