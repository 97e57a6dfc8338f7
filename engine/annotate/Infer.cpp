//===- Infer.cpp - Attributes that the solution suggests ------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// These are proposals: Clang decides which of them stand (Annotate.cpp). So a
// proposal needs good evidence, but no proof that every access is covered.
//
//===----------------------------------------------------------------------===//

#include "engine/annotate/Infer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace gridlock::annotate {

using namespace solve;

std::string Annotation::text(const std::vector<std::string> &parameters) const {
  auto macro = [&]() -> std::string {
    switch (kind) {
    case AnnotationKind::Capability:
      return "CAPABILITY";
    case AnnotationKind::ScopedCapability:
      return "SCOPED_CAPABILITY";
    case AnnotationKind::GuardedBy:
      return "GUARDED_BY";
    case AnnotationKind::AcquiredAfter:
      return "ACQUIRED_AFTER";
    case AnnotationKind::Requires:
      return isShared ? "REQUIRES_SHARED" : "REQUIRES";
    case AnnotationKind::Acquire:
      return isShared ? "ACQUIRE_SHARED" : "ACQUIRE";
    case AnnotationKind::Release:
      return isShared ? "RELEASE_SHARED" : "RELEASE";
    case AnnotationKind::TryAcquire:
      return isShared ? "TRY_ACQUIRE_SHARED" : "TRY_ACQUIRE";
    case AnnotationKind::NoAnalysis:
      return "NO_THREAD_SAFETY_ANALYSIS";
    }
    return {};
  };
  std::string text = "GRIDLOCK_" + macro();
  if (kind == AnnotationKind::ScopedCapability || kind == AnnotationKind::NoAnalysis)
    return text;
  text += '(';
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    text += i ? ", " : "";
    llvm::StringRef argument = arguments[i];
    std::size_t number = 0;
    bool isParameter = argument.consume_front("$") && !argument.getAsInteger(10, number);
    if (isParameter && (number >= parameters.size() || parameters[number].empty()))
      return {}; // it has no name there
    text += isParameter ? parameters[number] : argument.str();
  }
  return text + ')';
}

static facts::NamePlace placeIn(const ir::Unit &unit, ir::Index row) {
  const ir::Location &location = unit.locations[row];
  const ir::File &file = unit.files[location.file];
  if (!row || location.macro || (file.flags & ir::FileIsSystem))
    return {};
  return {unit.strings[file.path], location.line, location.column};
}

facts::NamePlace namePlace(const Solution &solution, link::FunctionId function) {
  return placeIn(solution.program.unit(solution.program.function(function).row.unit),
                 solution.program.body(function).location);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

AnnotationKind kindOf(LockEffect effect) {
  return effect == LockEffect::Acquires   ? AnnotationKind::Acquire
         : effect == LockEffect::Releases ? AnnotationKind::Release
                                          : AnnotationKind::TryAcquire;
}

FunctionEffect effectOf(const Solution &solution, link::FunctionId function) {
  const ProcedureSummary &summary = solution.summaries[function];
  FunctionEffect found;
  if (!summary.computed || summary.outcomes.empty())
    return found;
  std::vector<const Outcome *> taking, releasing, nothing;
  for (const Outcome &outcome : summary.outcomes) {
    if (outcome.acquired.size() + outcome.released.size() > 1 || outcome.lossy) {
      found.effect = LockEffect::Mixed;
      return found;
    }
    (outcome.acquired.size() ? taking : outcome.released.size() ? releasing : nothing).push_back(&outcome);
  }
  auto lockOf = [](const Outcome *outcome) {
    return outcome->acquired.empty() ? outcome->released.front().lock : outcome->acquired.front().lock;
  };
  auto isOne = [&](const std::vector<const Outcome *> &ways) {
    return llvm::all_of(ways, [&](const Outcome *way) { return lockOf(way) == lockOf(ways.front()); });
  };
  if (taking.empty() && releasing.empty())
    return found;
  found.effect = LockEffect::Mixed;
  if (!taking.empty() && releasing.empty() && isOne(taking)) {
    found.lock = lockOf(taking.front());
    found.isShared = taking.front()->acquired.front().mode == model::LockMode::Shared;
    if (nothing.empty()) {
      found.effect = LockEffect::Acquires;
      return found;
    }
    // The result tells: not null where it was taken, null where not, or the
    // other way round.
    auto isZero = [&](const Outcome *way) { return solution.terms.isInteger(way->result, 0); };
    auto isNotZero = [&](const Outcome *way) {
      return way->resultIsNotNull || solution.terms.isInteger(way->result, 1);
    };
    if (llvm::all_of(taking, isNotZero) && llvm::all_of(nothing, isZero))
      found.success = "true";
    else if (llvm::all_of(taking, isZero) && llvm::all_of(nothing, isNotZero))
      found.success = "0";
    if (!found.success.empty())
      found.effect = LockEffect::Tries;
  } else if (!releasing.empty() && taking.empty() && nothing.empty() && isOne(releasing)) {
    found.lock = lockOf(releasing.front());
    found.effect = LockEffect::Releases;
  }
  return found;
}

bool callersHoldClass(const Solution &solution, link::FunctionId function, std::uint32_t lockClass) {
  const std::vector<Context> &contexts = solution.contexts[function];
  return !contexts.empty() && llvm::all_of(contexts, [&](const Context &context) {
    return llvm::any_of(context.held, [&](std::uint32_t key) { return solution.lockClasses.lookup(key) == lockClass; });
  });
}

FunctionIndex::FunctionIndex(const Solution &solution) {
  for (link::FunctionId id = 1; id < solution.program.functionCount(); ++id) {
    if (!solution.program.function(id).hasBody)
      continue;
    const ir::Unit &unit = solution.program.unit(solution.program.function(id).row.unit);
    Range range{namePlace(solution, id), placeIn(unit, solution.program.body(id).endLocation), id};
    if (!range.begin.file.empty() && range.begin.file == range.end.file)
      ByFile[range.begin.file].push_back(std::move(range));
  }
}

link::FunctionId FunctionIndex::at(const facts::NamePlace &place) const {
  auto found = ByFile.find(place.file);
  if (found == ByFile.end())
    return 0;
  const Range *best = nullptr;
  for (const Range &range : found->second)
    if (range.begin <= place && place <= range.end && (!best || best->begin <= range.begin))
      best = &range;
  return best ? best->function : 0;
}

//===----------------------------------------------------------------------===//
// Proposals
//===----------------------------------------------------------------------===//

namespace {

class Inference {
public:
  explicit Inference(const Solution &solution) : S(solution), Program(solution.program) {}

  std::vector<Annotation> run() {
    for (const SharedVariable &variable : S.guarded)
      addGuard(variable);
    for (link::RecordId record = 1; record < Program.recordCount(); ++record)
      addScoped(record);
    addOrders();
    return std::move(Made);
  }

private:
  //===--- Guards ----------------------------------------------------------===//

  void addGuard(const SharedVariable &variable) {
    if (variable.declaredGuard)
      return;
    Annotation made;
    made.kind = AnnotationKind::GuardedBy;
    made.subject = variable.display;
    made.lock = variable.guard;
    std::string lock;
    link::RecordId lockClass = 0;
    llvm::StringRef key = S.words[variable.guard];
    if (variable.field) {
      const link::FieldInfo &field = Program.field(variable.field);
      const ir::Unit &unit = Program.unit(field.row.unit);
      made.name = placeIn(unit, unit.fields[field.row.row].location);
      key.consume_front(Program.record(field.record).qualifiedName);
      key.consume_front("::");
      lock = key.split('.').first.str();
      lockClass = classOfField(Program.findField(field.record, lock));
    } else {
      made.name = globalPlace(variable.key);
      link::GlobalId global = globalOfLock(key);
      if (!global)
        return;
      lock = Program.global(global).qualifiedName;
      const link::RowRef &row = Program.global(global).row;
      lockClass = classOf(row.unit, Program.unit(row.unit).globals[row.row].type);
    }
    if (lock.empty() || made.name.file.empty())
      return;
    made.arguments.push_back(lock);
    Made.push_back(std::move(made));
    addCapability(lockClass, Made.size() - 1);
  }

  facts::NamePlace globalPlace(llvm::StringRef key) const {
    link::GlobalId id = 0;
    if (!key.consume_front("global ") || key.getAsInteger(10, id))
      return {};
    const link::RowRef &row = Program.global(id).row;
    const ir::Unit &unit = Program.unit(row.unit);
    return unit.globals[row.row].flags & ir::GlobalIsLocalStatic ? facts::NamePlace()
                                                                 : placeIn(unit, unit.globals[row.row].location);
  }

  /// The global in the class key `global ROOT PATH`.
  link::GlobalId globalOfLock(llvm::StringRef key) const {
    TermId root = 0;
    if (!key.consume_front("global ") || key.split(' ').first.getAsInteger(10, root))
      return 0;
    return S.terms[root].kind == TermKind::Global ? S.terms[root].a : 0;
  }

  //===--- Classes that are locks -------------------------------------------===//

  /// The class of a lock, through one pointer or reference.
  link::RecordId classOf(link::UnitId unit, ir::Index type) const {
    if (link::RecordId record = Program.recordOfType(unit, type))
      return record;
    const ir::Type &pointer = Program.unit(unit).types[type];
    return pointer.kind == ir::TypeKind::Pointer ? Program.recordOfType(unit, pointer.element) : 0;
  }
  link::RecordId classOfField(link::FieldId field) const {
    if (!field)
      return 0;
    const link::RowRef &row = Program.field(field).row;
    return row.row ? classOf(row.unit, Program.unit(row.unit).fields[row.row].type) : 0;
  }

  facts::NamePlace recordPlace(link::RecordId record) const {
    const link::RowRef &row = Program.record(record).row;
    const ir::Unit &unit = Program.unit(row.unit);
    return placeIn(unit, unit.records[row.row].location);
  }

  bool isOurs(link::RecordId record) const {
    constexpr std::uint32_t foreign =
        ir::RecordIsInSystemHeader | ir::RecordIsCapability | ir::RecordIsScopedLockable | ir::RecordIsLambda;
    return record && !Program.record(record).model && !(Program.record(record).flags & foreign);
  }

  /// Operations that the author has not told of yet.
  void addOperations(link::RecordId record, std::size_t because) {
    forEachMethod(record, [&](link::FunctionId method) {
      FunctionEffect effect = effectOf(S, method);
      if (!Program.body(method).attributes.count && effect.effect != LockEffect::Mixed && isInside(effect.lock, 0))
        addEffect(method, effect, {}, record, because);
    });
  }

  void addCapability(link::RecordId record, std::size_t because) {
    bool isKnown = record && (Program.record(record).flags & ir::RecordIsCapability) && !Program.record(record).model &&
                   !(Program.record(record).flags & ir::RecordIsInSystemHeader);
    if (!isOurs(record) && !isKnown)
      return;
    auto [known, isNew] = Capabilities.try_emplace(record, Made.size());
    if (!isNew) {
      for (std::size_t i = known->second; i < Made.size() && Made[i].record == record; ++i)
        Made[i].because.push_back(because);
      return;
    }
    Annotation made;
    made.kind = AnnotationKind::Capability;
    made.name = recordPlace(record);
    made.subject = std::string(Program.record(record).qualifiedName);
    made.arguments.push_back("\"mutex\"");
    made.record = record;
    made.because.push_back(because);
    if (made.name.file.empty())
      return;
    if (!isKnown)
      Made.push_back(std::move(made));
    addOperations(record, because);
  }

  void forEachMethod(link::RecordId record, llvm::function_ref<void(link::FunctionId)> visit) const {
    for (link::FunctionId id = 1; id < Program.functionCount(); ++id)
      if (Program.function(id).record == record && Program.function(id).hasBody &&
          !(Program.function(id).flags & ir::FunctionIsImplicit))
        visit(id);
  }

  /// Whether a lock is the object that an argument points to, or lies inside it.
  bool isInside(TermId lock, unsigned position) const {
    for (; S.terms[lock].kind == TermKind::Field; lock = S.terms[lock].a)
      ;
    const Term &pointer = S.terms[S.terms[lock].a];
    return S.terms[lock].kind == TermKind::Deref && pointer.kind == TermKind::Formal && pointer.a == position;
  }

  void addEffect(link::FunctionId function, const FunctionEffect &effect, const std::string &lock,
                 link::RecordId record, std::size_t because) {
    if (effect.effect == LockEffect::None)
      return;
    Annotation made;
    made.kind = kindOf(effect.effect);
    made.name = namePlace(S, function);
    made.subject = S.functionName(function);
    if (effect.effect == LockEffect::Tries)
      made.arguments.push_back(effect.success);
    if (!lock.empty())
      made.arguments.push_back(lock);
    made.isShared = effect.isShared;
    made.function = function;
    made.record = record;
    made.because.push_back(because);
    if (!made.name.file.empty())
      Made.push_back(std::move(made));
  }

  //===--- Classes whose objects hold a lock --------------------------------===//

  void addScoped(link::RecordId record) {
    if (!isOurs(record) || Capabilities.count(record))
      return;
    struct Method {
      link::FunctionId function;
      FunctionEffect effect;
      int parameter; ///< of a constructor, which it locks
    };
    std::vector<Method> methods;
    bool takes = false, gives = false;
    forEachMethod(record, [&](link::FunctionId method) {
      std::uint32_t flags = Program.function(method).flags;
      FunctionEffect effect = effectOf(S, method);
      if (flags & ir::FunctionIsConstructor && effect.effect == LockEffect::Acquires) {
        for (unsigned i = 1; i < 6; ++i)
          if (isLockParameter(effect.lock, i))
            methods.push_back({method, effect, int(i) - 1}), takes = true;
      } else if (effect.effect == LockEffect::Releases || effect.effect == LockEffect::Acquires) {
        methods.push_back({method, effect, -1});
        gives |= bool(flags & ir::FunctionIsDestructor);
      } else if (flags & ir::FunctionIsDestructor && effect.effect == LockEffect::Mixed) {
        effect.effect = LockEffect::Releases; // what it still holds
        methods.push_back({method, effect, -1});
        gives = true;
      }
    });
    if (!takes || !gives)
      return;
    Annotation made;
    made.kind = AnnotationKind::ScopedCapability;
    made.name = recordPlace(record);
    made.subject = std::string(Program.record(record).qualifiedName);
    made.record = record;
    if (made.name.file.empty())
      return;
    std::size_t self = Made.size();
    Made.push_back(std::move(made));
    for (const Method &method : methods)
      addEffect(method.function, method.effect, method.parameter < 0 ? "" : "$" + std::to_string(method.parameter),
                record, self);
  }

  /// Whether a lock is what parameter `position` refers to: the object, or a part
  /// of it when its class is a lock for us or by declaration.
  bool isLockParameter(TermId lock, unsigned position) const {
    link::RecordId outermost = 0;
    for (TermId walk = lock; S.terms[walk].kind == TermKind::Field; walk = S.terms[walk].a)
      if (Program.field(S.terms[walk].b).record)
        outermost = Program.field(S.terms[walk].b).record;
    if (!isInside(lock, position))
      return false;
    return !outermost || Capabilities.count(outermost) || (Program.record(outermost).flags & ir::RecordIsCapability);
  }

  //===--- Orders -----------------------------------------------------------===//

  struct Member {
    link::RecordId record = 0;
    TermId object = 0;
    link::FieldId field = 0;
    link::GlobalId global = 0;
  };

  /// The lock as a member of the first class that is more than a lock, or as a
  /// global.
  Member memberOf(TermId lock, const LockName &name) const {
    if (llvm::StringRef key = name.classKey; key.starts_with("global ")) {
      Member member;
      member.global = name.exact ? globalOfLock(key) : 0;
      return member;
    }
    for (TermId walk = lock; S.terms[walk].kind == TermKind::Field; walk = S.terms[walk].a) {
      link::RecordId record = Program.field(S.terms[walk].b).record;
      std::string prefix = std::string(Program.record(record).qualifiedName) + "::";
      if (record && llvm::StringRef(name.classKey).starts_with(prefix))
        return {record, S.terms[walk].a, S.terms[walk].b, 0};
    }
    return {};
  }

  void addOrders() {
    using Node = std::pair<link::FieldId, link::GlobalId>;
    std::map<std::pair<Node, Node>, std::pair<Member, Member>> edges;
    std::map<Node, std::vector<Node>> next;
    for (const LockPair &pair : S.pairs) {
      if (pair.byTry || pair.manyTargets || pair.lossy)
        continue;
      Member first = memberOf(pair.held.lock, pair.heldName), second = memberOf(pair.acquired, pair.acquiredName);
      bool together = (first.record && first.record == second.record && first.object == second.object &&
                       first.field != second.field) ||
                      (first.global && second.global && first.global != second.global);
      if (!together)
        continue;
      Node from{first.field, first.global}, to{second.field, second.global};
      if (edges.try_emplace({from, to}, std::pair(first, second)).second)
        next[from].push_back(to);
    }
    for (const auto &[ends, members] : edges)
      if (!reaches(next, ends.second, ends.first))
        addOrder(members.first, members.second);
  }

  template <class Graph, class Node> static bool reaches(const Graph &next, Node from, Node to) {
    std::set<Node> seen{from};
    std::vector<Node> work{from};
    while (!work.empty()) {
      Node node = work.back();
      work.pop_back();
      if (node == to)
        return true;
      if (auto found = next.find(node); found != next.end())
        for (const Node &other : found->second)
          if (seen.insert(other).second)
            work.push_back(other);
    }
    return false;
  }

  void addOrder(const Member &first, const Member &second) {
    Annotation made;
    made.kind = AnnotationKind::AcquiredAfter;
    if (second.field) {
      const link::FieldInfo &field = Program.field(second.field);
      const ir::Unit &unit = Program.unit(field.row.unit);
      made.name = placeIn(unit, unit.fields[field.row.row].location);
      made.subject = std::string(Program.record(second.record).qualifiedName) + "::" + std::string(field.name);
      made.arguments.push_back(std::string(Program.field(first.field).name));
      const link::RowRef &other = Program.field(first.field).row;
      if (unit.fields[field.row.row].attributes.count || Program.unit(other.unit).fields[other.row].attributes.count)
        return; // the author has said what there is to say
    } else {
      const link::RowRef &row = Program.global(second.global).row;
      const ir::Unit &unit = Program.unit(row.unit);
      made.name = placeIn(unit, unit.globals[row.row].location);
      made.subject = std::string(Program.global(second.global).qualifiedName);
      made.arguments.push_back(std::string(Program.global(first.global).qualifiedName));
      if (unit.globals[row.row].attributes.count)
        return;
    }
    if (made.name.file.empty())
      return;
    Made.push_back(made);
    std::size_t self = Made.size() - 1;
    for (const Member *member : {&first, &second})
      if (member->field)
        addCapability(classOfField(member->field), self);
  }

  const Solution &S;
  const link::Program &Program;
  std::vector<Annotation> Made;
  std::map<link::RecordId, std::size_t> Capabilities; ///< rows of their annotations
};

} // namespace

std::vector<Annotation> inferAnnotations(const Solution &solution) { return Inference(solution).run(); }

} // namespace gridlock::annotate
