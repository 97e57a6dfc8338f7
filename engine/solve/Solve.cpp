//===- Solve.cpp - The order in which functions are solved ------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Callees first: the strongly connected components of the call graph in
// post-order, so that a summary exists where it is needed. Inside a component
// functions run again until their effects on locks settle, in a bounded number
// of passes that starts with "a recursive call does not return"; only one more,
// the last, leaves final facts.
//
// Edges are direct calls, virtual calls by class hierarchy, calls through values
// by callable flow, and callables handed to library code.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "engine/solve/LeftOver.h"
#include "engine/solve/Phases.h"
#include "engine/solve/ThreadHandles.h"
#include "engine/solve/WaitTests.h"
#include "llvm/ADT/GraphTraits.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/SCCIterator.h"
#include "llvm/ADT/STLExtras.h"
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace gridlock::solve {

namespace {
struct CallNode {
  link::FunctionId function = 0;
  std::vector<CallNode *> callees;
};
} // namespace

} // namespace gridlock::solve

template <> struct llvm::GraphTraits<gridlock::solve::CallNode *> {
  using NodeRef = gridlock::solve::CallNode *;
  using ChildIteratorType = std::vector<NodeRef>::iterator;
  static NodeRef getEntryNode(NodeRef node) { return node; }
  static ChildIteratorType child_begin(NodeRef node) { return node->callees.begin(); }
  static ChildIteratorType child_end(NodeRef node) { return node->callees.end(); }
};

namespace gridlock::solve {

namespace {

class CallGraph {
public:
  CallGraph(const link::Program &program, const link::CallableFlow &flow, const SpinLocks &spinLocks,
            const FlagLocks &flagLocks, const DeclaredLocks &declared)
      : Program(program), Flow(flow), Declared(declared) {
    Nodes.resize(program.functionCount());
    HasCallers.assign(program.functionCount(), false);
    Interesting.assign(program.functionCount(), false);
    MakesPipes.assign(program.functionCount(), false);
    for (link::FunctionId id = 1; id < Nodes.size(); ++id)
      Nodes[id].function = id;
    for (link::FunctionId id = 1; id < Nodes.size(); ++id)
      if (program.function(id).hasBody)
        addFunction(id);
    addCallbackEntries();
    for (link::FunctionId id : spinLocks.users())
      Interesting[id] = true;
    for (link::FunctionId id : flagLocks.users())
      Interesting[id] = true;
    for (link::FunctionId id = 1; id < Nodes.size(); ++id)
      Nodes[0].callees.push_back(&Nodes[id]);
    spread(Interesting);
    for (link::FunctionId id = 1; id < Nodes.size(); ++id)
      TracksDescriptors = TracksDescriptors || MakesPipes[id];
    spread(MakesPipes);
  }

  CallNode *root() { return &Nodes[0]; }
  std::vector<bool> HasCallers, Interesting, MakesPipes;
  bool TracksDescriptors = false;
  /// Functions that run with the GIL from the start.
  llvm::DenseSet<link::FunctionId> GilEntries;

private:
  static bool isGil(const model::Operand &lock) { return lock.text == "@gil"; }

  /// Functions in tables that others call through, holding locks.
  void addCallbackEntries() {
    for (link::RecordId id = 1; id < Program.recordCount(); ++id) {
      const model::TypeModel *model = Program.record(id).model;
      if (!model || llvm::none_of(model->callbackLocks, isGil))
        continue;
      for (const std::string &name : model->callbackFields)
        if (link::FieldId field = Program.findField(id, name))
          for (link::FunctionId target : Flow.ofField(field))
            addGilEntry(target);
    }
  }

  void addGilEntry(link::FunctionId id) {
    if (Program.function(id).hasBody && !Program.function(id).model) {
      GilEntries.insert(id);
      Interesting[id] = true;
    }
  }

  /// A callable argument that a library calls later, holding the GIL.
  void addGilCallback(link::FunctionId id, const model::Effect &effect, const link::Program::UnitLink &link,
                      const ir::Call &call) {
    const ir::Unit &unit = *link.unit;
    if (effect.callee.steps.size() != 1 || effect.callee.steps[0].kind != model::OperandKind::Argument ||
        std::uint64_t(effect.callee.steps[0].number) >= call.arguments.count)
      return;
    ir::Index argument = unit.lists[call.arguments.first + effect.callee.steps[0].number];
    const ir::Expr &expr = unit.exprs[argument];
    if (expr.kind == ir::ExprKind::FunctionRef)
      addGilEntry(link.functions[expr.a]);
    if (expr.kind == ir::ExprKind::AddressOf || expr.kind == ir::ExprKind::Load)
      if (link::RecordId record = Program.recordOfType(Program.function(id).row.unit, unit.exprs[expr.a].type))
        if (link::FunctionId callOperator = Program.record(record).callOperator)
          addGilEntry(callOperator);
    for (link::FunctionId target : Flow.targets(id, argument))
      addGilEntry(target);
  }

  void addEdge(link::FunctionId from, link::FunctionId to) {
    if (!Program.function(to).hasBody || llvm::is_contained(Nodes[from].callees, &Nodes[to]))
      return;
    Nodes[from].callees.push_back(&Nodes[to]);
    if (from != to)
      HasCallers[to] = true;
  }

  void addFunction(link::FunctionId id) {
    const link::FunctionInfo &info = Program.function(id);
    const link::Program::UnitLink &link = Program.link(info.row.unit);
    const ir::Unit &unit = *link.unit;
    Program.forEachEvent(id, [&](const ir::Event &event) {
      if (event.kind == ir::EventKind::Call)
        addCall(id, link, unit.calls[event.a]);
      else if (event.kind == ir::EventKind::Suspend)
        Interesting[id] = true;
    });
  }

  void addCall(link::FunctionId id, const link::Program::UnitLink &link, const ir::Call &call) {
    const ir::Unit &unit = *link.unit;
    link::FunctionId callee = link.functions[call.callee];
    if (!callee) {
      for (link::FunctionId target : Flow.targets(id, call.calleeValue))
        addEdge(id, target);
      return;
    }
    const link::FunctionInfo &info = Program.function(callee);
    if (info.model)
      noteEffects(id, *info.model, link, call);
    else if (Declared.changesLocks(callee))
      Interesting[id] = true;
    if (call.flags & ir::CallIsVirtual)
      for (link::FunctionId target : Program.virtualTargets(callee, link.records[call.receiver], 13))
        addEdge(id, target);
    else if (!info.model)
      addEdge(id, callee);
    if (info.model || !info.hasBody)
      for (std::uint32_t i = 0; i < call.arguments.count; ++i)
        addCallable(id, link, unit.lists[call.arguments.first + i]);
  }

  /// A callable argument of library code may be called by it.
  void addCallable(link::FunctionId id, const link::Program::UnitLink &link, ir::Index argument) {
    const ir::Unit &unit = *link.unit;
    const ir::Expr &expr = unit.exprs[argument];
    if (expr.kind == ir::ExprKind::FunctionRef)
      addEdge(id, link.functions[expr.a]);
    if (expr.kind == ir::ExprKind::AddressOf || expr.kind == ir::ExprKind::Load)
      if (link::RecordId record = Program.recordOfType(Program.function(id).row.unit, unit.exprs[expr.a].type))
        if (link::FunctionId callOperator = Program.record(record).callOperator)
          addEdge(id, callOperator);
    for (link::FunctionId target : Flow.targets(id, argument))
      addEdge(id, target);
  }

  void noteEffects(link::FunctionId id, const model::FunctionModel &model, const link::Program::UnitLink &link,
                   const ir::Call &call) {
    for (const model::Effect &effect : model.effects) {
      switch (effect.kind) {
      case model::EffectKind::Acquire:
      case model::EffectKind::Release:
      case model::EffectKind::TryAcquire:
      case model::EffectKind::AcquireAll:
        addLockMethods(id, link, call);
        [[fallthrough]];
      case model::EffectKind::Wait:
      case model::EffectKind::Blocks:
      case model::EffectKind::Joins:
      case model::EffectKind::Spawns:
        if (effect.kind == model::EffectKind::Spawns && llvm::any_of(effect.locks, isGil))
          addGilCallback(id, effect, link, call);
        [[fallthrough]];
      case model::EffectKind::WaitChild:
      case model::EffectKind::DestroyLock:
        Interesting[id] = true;
        break;
      case model::EffectKind::Destroys:
        if (call.receiver)
          addElement(id, link.records[call.receiver], 0);
        break;
      case model::EffectKind::Fork:
      case model::EffectKind::Pipe:
      case model::EffectKind::SpawnChild:
        Interesting[id] = MakesPipes[id] = true;
        break;
      default:
        break;
      }
    }
  }

  /// A container or an owner destroys what its arguments name: elements of elements,
  /// too. Constructors, of which only the number of parameters is known here, would
  /// make cycles of calls that are none.
  void addElement(link::FunctionId id, link::RecordId record, unsigned depth) {
    constexpr unsigned deepest = 4;
    if (!record || depth > deepest)
      return;
    const link::RecordInfo &info = Program.record(record);
    if (depth && !info.model) {
      if (link::FunctionId destructor = Program.findDestructor(record))
        for (link::FunctionId target : Program.virtualTargets(destructor, record, 6))
          addEdge(id, target);
      return;
    }
    const ir::Unit &unit = Program.unit(info.row.unit);
    const ir::List &arguments = unit.records[info.row.row].templateArguments;
    for (std::uint32_t i = 0; i < arguments.count; ++i)
      addElement(id, Program.recordOfType(info.row.unit, unit.lists[arguments.first + i]), depth + 1);
  }

  /// A guard of a class of the program calls that class's lock operations.
  void addLockMethods(link::FunctionId id, const link::Program::UnitLink &link, const ir::Call &call) {
    auto addRecord = [&](link::RecordId record) {
      if (!record || Program.record(record).model)
        return;
      for (const char *name : {"lock", "unlock", "try_lock", "lock_shared", "unlock_shared", "try_lock_shared"})
        if (link::FunctionId method = Program.findMethodOrVirtual(record, name))
          for (link::FunctionId target : Program.virtualTargets(method, record, 8))
            addEdge(id, target);
    };
    if (call.receiver) {
      const ir::Record &receiver = link.unit->records[call.receiver];
      for (std::uint32_t i = 0; i < receiver.templateArguments.count; ++i)
        addRecord(Program.recordOfType(Program.function(id).row.unit,
                                       link.unit->lists[receiver.templateArguments.first + i]));
    }
    for (std::uint32_t i = 0; i < call.arguments.count; ++i) {
      const ir::Type &type = link.unit->types[link.unit->exprs[link.unit->lists[call.arguments.first + i]].type];
      if (type.kind == ir::TypeKind::Pointer || type.kind == ir::TypeKind::Reference)
        addRecord(Program.recordOfType(Program.function(id).row.unit, type.element));
    }
  }

  /// What holds for a function holds for its callers.
  void spread(std::vector<bool> &property) {
    std::vector<std::vector<link::FunctionId>> callers(Nodes.size());
    for (link::FunctionId id = 1; id < Nodes.size(); ++id)
      for (CallNode *callee : Nodes[id].callees)
        callers[callee->function].push_back(id);
    std::vector<link::FunctionId> work;
    for (link::FunctionId id = 1; id < Nodes.size(); ++id)
      if (property[id])
        work.push_back(id);
    while (!work.empty()) {
      link::FunctionId id = work.back();
      work.pop_back();
      for (link::FunctionId caller : callers[id])
        if (!property[caller]) {
          property[caller] = true;
          work.push_back(caller);
        }
    }
  }

  const link::Program &Program;
  const link::CallableFlow &Flow;
  const DeclaredLocks &Declared;
  std::vector<CallNode> Nodes;
};

} // namespace

/// What callers see of a function's effect on locks, as one number.
static std::uint64_t lockEffect(const ProcedureSummary &summary) {
  std::uint64_t hash = llvm::hash_combine(summary.computed, summary.outcomes.size(), summary.unwinds.size());
  for (const Outcome &outcome : summary.outcomes) {
    for (const Held &held : outcome.acquired)
      hash = llvm::hash_combine(hash, held.lock, held.count);
    for (const Released &entry : outcome.released)
      hash = llvm::hash_combine(hash, entry.lock, 1);
  }
  return hash;
}

/// Passes over a cycle of calls; over a large one, fewer.
static constexpr unsigned cyclePasses = 4, largeCyclePasses = 2, largeCycle = 40;

/// Runs the functions of a cycle until their effects on locks settle. At first
/// a call into the cycle does not come back, so that only ways which end
/// without it count; each pass adds the ways that need one more round.
static void settleCycle(Engine &engine, llvm::ArrayRef<link::FunctionId> members) {
  engine.callsReturn = false;
  unsigned passes = members.size() > largeCycle ? largeCyclePasses : cyclePasses;
  for (unsigned pass = 0; pass < passes; ++pass) {
    bool changed = false;
    for (link::FunctionId id : members) {
      std::uint64_t before = lockEffect(engine.solution.summaries[id]);
      engine.unsettled.erase(id);
      FunctionExecutor(engine, id).run();
      changed |= lockEffect(engine.solution.summaries[id]) != before;
    }
    if (!changed)
      break;
  }
  engine.callsReturn = true;
  // What found no end in that many passes is taken to come back unchanged.
  for (link::FunctionId id : members)
    if (engine.solution.summaries[id].outcomes.empty())
      engine.solution.summaries[id].computed = false;
    else if (engine.unsettled.contains(id))
      forgetResults(engine.solution.summaries[id]);
  engine.unsettled.clear();
}

static bool isCancelled(const Options &options) {
  return options.cancelled && options.cancelled->load(std::memory_order_relaxed);
}

/// Executes all functions. What only the executors need is gone when it returns,
/// before the passes over the whole program need room. False when it was cancelled.
static bool executeAll(Solution &solution, const link::CallableFlow &flow) {
  const link::Program &program = solution.program;
  SpinLocks spinLocks(program);
  const PairedCalls pairs(program);
  FlagLocks flagLocks(program, pairs);
  OwnSemaphores ownSemaphores(program, flagLocks);
  CallGraph graph(program, flow, spinLocks, flagLocks, solution.declared);
  AccessFilter filter(program, solution.options.recordsAccesses);
  Semaphores semaphores(program, pairs, ownSemaphores);
  ConstantPointers pointers(program);
  FatalCode fatal(program);
  Engine engine(program, flow, filter, spinLocks, flagLocks, semaphores, pointers, fatal, solution, solution.options);
  engine.hasCallers = graph.HasCallers;
  engine.takenOver.assign(program.functionCount(), false);
  engine.interesting = graph.Interesting;
  engine.gilEntries = graph.GilEntries;
  engine.makesPipes = graph.MakesPipes;
  engine.tracksDescriptors = graph.TracksDescriptors;

  for (link::FunctionId id = 1; id < program.functionCount(); ++id)
    if (!program.function(id).hasBody)
      summarizeDeclared(solution, id);
  for (auto component = llvm::scc_begin(graph.root()); !component.isAtEnd(); ++component) {
    if (isCancelled(solution.options))
      return false;
    std::vector<link::FunctionId> members;
    for (CallNode *node : *component)
      if (node->function && program.function(node->function).hasBody && !program.function(node->function).model)
        members.push_back(node->function);
    engine.finalPass = false;
    if (component.hasCycle())
      settleCycle(engine, members);
    engine.finalPass = true;
    engine.cycle = members;
    for (link::FunctionId id : members) {
      FunctionExecutor(engine, id).run();
      summarizeDeclared(solution, id);
    }
  }
  finishLeftOver(engine);
  solution.hasCallers = engine.hasCallers;
  return true;
}

/// Executors have left free pieces all over the heap, and comparing the accesses asks for
/// larger ones: without this, a big program needs both at its peak.
static void returnFreeMemory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

std::unique_ptr<Solution> solve(const link::Program &program, const Options &options) {
  auto solution = std::make_unique<Solution>(program);
  solution->options = options;
  solution->summaries.resize(program.functionCount());
  solution->declared = DeclaredLocks(*solution);
  link::CallableFlow flow(program);
  solution->subjects = std::make_unique<Subjects>(program, flow);
  if (!executeAll(*solution, flow))
    return nullptr;
  returnFreeMemory();
  for (auto *step : {findPhases, judgeWaits, findShared, findUnjoinedHandles}) {
    if (isCancelled(options))
      return nullptr;
    step(*solution);
  }
  return solution;
}

//===----------------------------------------------------------------------===//
// Helpers for rules
//===----------------------------------------------------------------------===//

SourceLocation Solution::location(link::FunctionId function, ir::Index row) const {
  SourceLocation result;
  if (!function)
    return result;
  const ir::Unit &unit = program.unit(program.function(function).row.unit);
  const ir::Location &location = unit.locations[row];
  result.file = unit.strings[unit.files[location.file].path];
  result.line = location.line;
  result.column = location.column;
  result.macro = unit.strings[location.macro];
  return result;
}

bool Solution::isLockWrapper(link::FunctionId function) const {
  const ProcedureSummary &summary = summaries[function];
  if (!program.function(function).hasBody)
    return summary.computed; // by its attributes
  if (!summary.computed || summary.outcomes.empty() || summary.records.size() > 2)
    return false;
  return llvm::all_of(summary.outcomes,
                      [](const Outcome &outcome) { return outcome.acquired.size() + outcome.released.size() == 1; });
}

SourceLocation Solution::place(StepId step) const {
  StepId shown = step;
  for (StepId inner = steps[step].inner; inner; inner = steps[inner].inner)
    if (isLockWrapper(steps[inner].function))
      break;
    else
      shown = inner;
  return location(shown);
}

StepId Solution::innermost(StepId step) const { return steps[step].innermost; }

std::string Solution::functionName(link::FunctionId function) const {
  std::string name(program.function(function).displayName);
  return name.empty() ? std::string(program.function(function).qualifiedName) : name;
}

TermId Solution::aged(TermId value) {
  if (Aged.count(value))
    return value;
  const Term term = terms[value];
  bool isOpaque = term.kind == TermKind::Opaque;
  std::int64_t number = std::int64_t(llvm::hash_combine(isOpaque ? term.number : std::int64_t(value), 0x61676564));
  if (auto kinds = descriptors.find(term.number); isOpaque && kinds != descriptors.end())
    descriptors[number] = std::uint32_t(kinds->second);
  TermId older = terms.opaque(isOpaque ? OriginKind(term.a) : OriginKind::Child, number);
  Aged.insert(older);
  return older;
}

std::uint32_t Solution::word(std::string_view text) {
  auto [entry, isNew] = WordIds.try_emplace(text, std::uint32_t(words.size()));
  if (isNew)
    words.emplace_back(text);
  return entry->second;
}

std::uint32_t Solution::lockWord(const LockName &name) {
  std::uint32_t key = word(name.key), classKey = word(name.classKey);
  lockClasses[key] = classKey;
  if (name.frame)
    lockFrames[key] = name.frame;
  lockDisplays.try_emplace(classKey, name.display);
  return key;
}

bool Solution::inSystemHeader(link::FunctionId function) const {
  return program.function(function).flags & ir::FunctionIsInSystemHeader;
}

bool Solution::rootIsMerged(TermId place) const {
  const Term &root = terms[terms.root(place)];
  return root.kind == TermKind::Opaque && root.weak;
}

bool Solution::sectionsAllUse(const std::string &classKey, TermId descriptor) const {
  std::uint64_t holder = holderKey(terms, descriptor);
  return holder && sections.allUse(classKey, holder);
}

std::uint32_t Solution::descriptorKinds(TermId descriptor) const {
  const Term &term = terms[descriptor];
  if (term.kind == TermKind::Opaque) {
    auto found = descriptors.find(term.number);
    return found == descriptors.end() ? 0 : found->second;
  }
  auto found = descriptorsByHolder.find(holderKey(terms, descriptor));
  return found == descriptorsByHolder.end() ? 0 : found->second;
}

} // namespace gridlock::solve
