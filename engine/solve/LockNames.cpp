//===- LockNames.cpp - A lock's name in the whole program -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A lock whose root is a global, or a local of one function, is an object of its
// own: exact. Any other lock is named by its class: the field that holds it and
// the record of that field (`conn::lock`).
//
// A record that is nothing but a lock (a mutex wrapped in a class, an opaque
// latch) says too little: all latches of a program would be one lock. So the
// name of a lock inside such a record grows outwards, to the field that holds
// the record, until a record is reached that is more than a lock. If only a
// parameter of the bare type is left, the name is generic.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Solution.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace gridlock::solve {

/// Decides what is nothing but a lock. Pure functions of the program.
class LockLikeness {
public:
  explicit LockLikeness(const Solution &solution)
      : S(solution), Program(solution.program), Summaries(solution.summaries) {}

  bool isWrapper(link::RecordId record, unsigned depth = 0) const {
    const link::RecordInfo &info = Program.record(record);
    if (depth > 4 || info.fields.empty() || info.fields.size() > 6)
      return false;
    bool hasLock = false, onlyLocks = true;
    for (link::FieldId field : info.fields) {
      Kind kind = kindOf(field, depth);
      if (kind == Kind::Data)
        return false;
      hasLock |= kind == Kind::Lock;
      onlyLocks &= kind != Kind::Scalar;
    }
    return hasLock && (onlyLocks || hasLockOperation(record));
  }

private:
  enum class Kind { Lock, Synchronisation, Scalar, Data };

  static Kind modelled(const model::TypeModel &model) {
    return model.lock != model::LockKind::None ? Kind::Lock
           : model.atomic                      ? Kind::Scalar
           : model.conditionVariable           ? Kind::Synchronisation
                                               : Kind::Data;
  }

  Kind kindOf(link::FieldId id, unsigned depth) const {
    const link::RowRef &row = Program.field(id).row;
    const ir::Unit &unit = Program.unit(row.unit);
    const ir::Type *type = &unit.types[unit.fields[row.row].type];
    bool isOne = type->kind != ir::TypeKind::Reference && type->kind != ir::TypeKind::Array;
    if (const model::TypeModel *model = isOne ? Program.typeModel(row.unit, unit.fields[row.row].type) : nullptr)
      return modelled(*model);
    if (type->kind == ir::TypeKind::Record) {
      link::RecordId inner = Program.link(row.unit).records[type->record];
      if (inner && (Program.record(inner).flags & ir::RecordIsInSystemHeader) && isAttributes(unit.strings[type->name]))
        return Kind::Synchronisation;
      return inner && isWrapper(inner, depth + 1) ? Kind::Lock : Kind::Data;
    }
    switch (type->kind) {
    case ir::TypeKind::Bool:
    case ir::TypeKind::Integer:
      return Kind::Scalar;
    case ir::TypeKind::Pointer:
      return unit.types[type->element].kind == ir::TypeKind::Integer ? Kind::Scalar : Kind::Data;
    default:
      return Kind::Data;
    }
  }

  /// Whether a type is what locks are made with (`pthread_mutexattr_t`): a function
  /// that makes one takes the address of such an object, besides the lock's.
  bool isAttributes(llvm::StringRef typeName) const {
    auto [known, isNew] = S.AttributeTypes.try_emplace(typeName);
    if (isNew)
      known->second = findIsAttributes(typeName);
    return known->second;
  }

  bool findIsAttributes(llvm::StringRef typeName) const {
    for (link::FunctionId id = 1; id < Program.functionCount(); ++id) {
      const link::FunctionInfo &function = Program.function(id);
      if (!function.row.row || function.record || function.hasBody)
        continue;
      const ir::Unit &unit = Program.unit(function.row.unit);
      const ir::List &parameters = unit.functions[function.row.row].parameterTypes;
      for (std::uint32_t i = 1; i < parameters.count; ++i) {
        const ir::Type &type = unit.types[unit.lists[parameters.first + i]];
        if (type.kind != ir::TypeKind::Pointer || unit.strings[unit.types[type.element].name] != typeName)
          continue;
        const model::FunctionModel *model = Program.models().function(function.qualifiedName, {});
        if (model && model->effect(model::EffectKind::InitLock))
          return true;
      }
    }
    return false;
  }

  /// Some method returns with a lock of the object held.
  bool hasLockOperation(link::RecordId record) const {
    if (S.Methods.empty())
      for (link::FunctionId id = 1; id < Summaries.size(); ++id)
        if (link::RecordId owner = Program.function(id).record;
            owner && !(Program.function(id).flags & ir::FunctionIsConstructor))
          S.Methods[owner].push_back(id);
    auto methods = S.Methods.find(record);
    return methods != S.Methods.end() && llvm::any_of(methods->second, [&](link::FunctionId id) {
             return Summaries[id].computed && Summaries[id].changesLocks();
           });
  }

  const Solution &S;
  const link::Program &Program;
  const std::vector<ProcedureSummary> &Summaries;
};

static std::string recordName(const link::Program &program, link::RecordId record) {
  std::string_view name = program.record(record).qualifiedName;
  return std::string(name);
}

/// Whether a path has no step that may lead to many: an element of unknown number,
/// or a value that a loop or a join made unknown.
static bool leadsToOne(const TermTable &terms, TermId lock) {
  for (TermId walk = lock; walk && terms[walk].kind != TermKind::Global; walk = terms[walk].a) {
    const Term &term = terms[walk];
    bool isElement = term.kind == TermKind::Element;
    bool isStep = isElement || term.kind == TermKind::Field || term.kind == TermKind::Deref ||
                  term.kind == TermKind::Initial || term.kind == TermKind::Address;
    if (!isStep || term.weak || (isElement && (!term.b || terms[term.b].kind != TermKind::Integer)))
      return false;
  }
  return true;
}

/// A lock in an allocated object, by the way that other threads find the object.
TermId Solution::asKept(TermId lock) const {
  for (unsigned steps = 0; steps < 4; ++steps) {
    TermId object = terms.root(lock);
    auto kept = terms[object].kind == TermKind::Heap ? keptIn.find(object) : keptIn.end();
    if (kept == keptIn.end() || !kept->second)
      break;
    lock = terms.rewrite(
        lock, [&](TermId part) { return part == object ? kept->second : TermId(0); },
        [&](TermId place) { return terms.initial(place); });
  }
  return lock;
}

LockName Solution::computeName(TermId lock, link::FunctionId function) const {
  lock = asKept(lock);
  LockName name;
  LockLikeness likeness(*this);
  // The fields from the lock outwards, up to the first record that is more than
  // a lock.
  std::string path, ofMany;
  TermId walk = lock;
  link::RecordId owner = 0;
  for (;;) {
    const Term &term = terms[walk];
    if (term.kind == TermKind::Field) {
      const link::FieldInfo &field = program.field(term.b);
      if (!field.record) { // a ghost: part of what it belongs to
        if (field.name.starts_with("@"))
          path = std::string(field.name.substr(1)) + ofMany;
        else if (walk == lock && isTurn(field.name))
          path = field.name.substr(1);
        walk = term.a;
        continue;
      }
      path = path.empty() ? std::string(field.name) : std::string(field.name) + "." + path;
      walk = term.a;
      if (!likeness.isWrapper(field.record) && !(program.record(field.record).flags & ir::RecordIsLambda)) {
        owner = field.record;
        break;
      }
      continue;
    }
    if (term.kind == TermKind::Element || term.kind == TermKind::Deref || term.kind == TermKind::Initial ||
        term.kind == TermKind::Address) {
      name.throughPointer |= term.kind == TermKind::Deref;
      if (term.kind == TermKind::Element && terms[term.b].kind == TermKind::String)
        ofMany = "(" + std::string(terms.stringText(term.b)) + ")";
      walk = term.a;
      continue;
    }
    break;
  }

  // Exact: a path of fields and elements with constant numbers from a global or
  // local root. Two numbers that are computed may be one.
  bool direct = !terms[lock].weak;
  TermId root = lock;
  for (; terms[root].kind == TermKind::Field || terms[root].kind == TermKind::Element; root = terms[root].a)
    if (terms[root].kind == TermKind::Element)
      direct &= terms[terms[root].b].kind == TermKind::Integer || terms[terms[root].b].kind == TermKind::String;
  TermKind rootKind = terms[terms.root(lock)].kind;
  bool isGlobal = rootKind == TermKind::Global;
  name.exact = direct && (terms[root].kind == TermKind::Global || terms[root].kind == TermKind::Local ||
                          (terms[root].kind == TermKind::Heap && terms[root].number == 0));
  if (name.exact && rootKind == TermKind::Local)
    name.frame = terms[root].a;
  if (!name.exact && isGlobal && leadsToOne(terms, lock))
    name.fromGlobal = lock;
  if (owner) {
    name.part = partOf(terms, Owning, lock, owner);
    name.classKey = recordName(program, owner) + "::" + path;
    name.display = name.classKey;
  } else if (isGlobal || name.exact) {
    bool isGhost = rootKind == TermKind::Heap; // a lock that no object of the program is
    name.display = isGhost ? path : terms.spell(lock, function);
    name.classKey = "global " + std::to_string(terms.root(lock)) + " " + path;
    if (!name.exact && terms[lock].weak)
      name.display = terms.spell(lock, function);
  } else {
    name.generic = true;
    name.display = terms.spell(lock, function);
    name.classKey = "unknown " + std::to_string(lock) + " in " + std::to_string(function);
  }
  if (rootKind == TermKind::Heap && terms[terms.root(lock)].number == 0 && !path.empty())
    name.display = path == "gil" ? "the GIL" : path;
  const std::string_view ghost = terms[lock].kind == TermKind::Field ? program.field(terms[lock].b).name : "";
  if (isTurn(ghost))
    name.display = (ghost == "$once" ? "the guard of " : "the win of ") +
                   (owner ? llvm::StringRef(name.display).drop_back(ghost.size()).str() // ".once"
                          : terms.spell(terms[lock].a, function));
  name.key = name.exact ? "exact " + std::to_string(lock) : name.classKey;
  return name;
}

const LockName &Solution::name(TermId lock, link::FunctionId function) const {
  std::pair<TermId, link::FunctionId> key(lock, terms[lock].mentionsFormal ? function : 0);
  if (auto found = Names.find(key); found != Names.end())
    return *found->second;
  auto computed = std::make_unique<LockName>(computeName(lock, function));
  return *(Names[key] = std::move(computed));
}

} // namespace gridlock::solve
