//===- Sharing.cpp - State that several threads touch -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The problem. An access names what it touches as well as the path engine could
// find out: exactly (`main's local total`, `global cfg.verbose`, the object that
// a thread was given), or only by the class of the object (`Counter::value_` of
// a parameter of a library's function). Exact names that differ are different
// objects; a class name may be any object of the class.
//
// The algorithm. Accesses are grouped by the last field of their path, or by the
// variable. Each is placed on the threads that reach it: a thread's own accesses
// by the spawn, others by the contexts of their function, which add the locks of
// all callers (RELAY: Voung, Jhala, Lerner, FSE 2007). Within a group each pair
// is tested in this order, cheapest first: one writes, no common lock, threads
// overlap, no hand-over orders them, and the names may be one object. An object
// that a function made and did not hand out is its owner's alone (RacerD:
// Blackshear, Gorogiannis, O'Hearn, Sergey, OOPSLA 2018).
//
// Rules of this file: no verdicts, only conflicts. What rests on an assumption
// says so.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Sharing.h"
#include "engine/solve/AccessFilter.h"
#include "engine/solve/CapturedObjects.h"
#include "engine/solve/ChosenThread.h"
#include "engine/solve/ClaimedThreads.h"
#include "engine/solve/ElementOverlap.h"
#include "engine/solve/EndedThreads.h"
#include "engine/solve/GuardVote.h"
#include "engine/solve/MemoryLocation.h"
#include "engine/solve/NamedLocks.h"
#include "engine/solve/Parallel.h"
#include "engine/solve/Published.h"
#include "engine/solve/RunPairs.h"
#include "engine/solve/SetUp.h"
#include "engine/solve/SharedElements.h"
#include "engine/solve/SpinProtocol.h"
#include "llvm/ADT/STLExtras.h"
#include <map>

namespace gridlock::solve {

/// Runs compared in one group; more add nothing that a reader would look at.
static constexpr std::size_t runLimit = 240;
/// Conflicts kept for one variable.
static constexpr std::size_t conflictLimit = 24;

namespace {

/// How sure it is that two names are one object.
enum class Overlap { No, SameClass, Same };

class SharingFinder {
public:
  explicit SharingFinder(Solution &solution)
      : S(solution), Runs(solution), Claimed(solution), Captured(solution), Locks(solution), Elements(solution),
        Protocol(solution) {}

  void run() {
    for (std::uint32_t root = 1; root < S.roots.size(); ++root)
      RootsOf[S.roots[root].spawn].push_back(root);
    keepOpenAccesses();
    Captured.nameAccesses();
    Done.emplace(S);
    findChanged();
    for (const bool isWhole : {false, true}) // of wholes, those that others take apart
      for (std::uint32_t i = 0; i < S.accesses.size(); ++i)
        if (bool(S.accesses[i].flags & AccessIsWhole) == isWhole)
          group(i);
    for (StaleAct &act : S.staleActs)
      findContention(act);
    // Conflicts of one variable depend on the runs of others: all first.
    for (const auto &[key, variable] : Variables)
      Protocol.add(variable);
    for (auto &[key, variable] : Variables)
      findConflicts(variable);
    for (auto &[key, variable] : Variables) {
      if (variable.conflicts.empty()) {
        keepGuarded(variable);
        continue;
      }
      findGuard(S, variable);
      S.shared.push_back(std::move(variable));
    }
  }

private:
  /// Accesses in the names of inputs of functions that outsiders call.
  void keepOpenAccesses() {
    for (const Root &root : S.roots) {
      if (!root.function || root.spawn || root.isHandler)
        continue;
      for (const AccessRecord &record : S.summaries[root.function].accesses) {
        Access access;
        static_cast<AccessRecord &>(access) = record;
        access.function = root.function;
        S.accesses.push_back(std::move(access));
      }
    }
  }

  //===--- Grouping --------------------------------------------------------===//

  /// Accesses that meet nothing in another thread.
  bool isApart(const Access &access) const {
    const bool isSlotOfOne = (access.flags & AccessIsOwnSlot) && !isComparable(access);
    return (access.flags & (AccessIsOptional | AccessIsChosen)) || isSlotOfOne;
  }

  /// What is only read is most of what there is, and conflicts with nothing: its runs are not kept.
  void findChanged() {
    for (const Access &access : S.accesses)
      if (SharedVariable *variable = isApart(access) ? nullptr : variableOf(access))
        if (S.options.keepsGuarded || (access.kind != AccessKind::Read && access.kind != AccessKind::AtomicLoad))
          Changed.insert(variable);
  }

  void group(std::uint32_t index) {
    const Access &access = S.accesses[index];
    SharedVariable *variable = isApart(access) ? nullptr : variableOf(access);
    if (!variable || !Changed.contains(variable) || variable->runs.size() >= runLimit ||
        ((access.flags & AccessIsWhole) && variable->runs.empty()))
      return;
    if (link::FieldId pointer = S.declared.guardedPointer(S.terms, access.subject);
        pointer && !variable->declaredGuard) {
      variable->declaredGuard = S.declared.guardOfPointee(pointer);
      variable->guardsPointee = true;
    }
    AccessRun run;
    run.access = index;
    run.guess = (access.flags & (AccessIsGuess | AccessIsFatal) ? GuessTarget : 0) |
                (access.flags & AccessIsOfJob ? GuessJob : 0);
    link::FunctionId inside = S.steps[S.innermost(access.step)].function;
    run.locks = Locks.guarding(access);
    if (access.spawn) {
      if (isRuledOut(access.around->kinds, {}, S.changing))
        return;
      for (std::uint32_t r : RootsOf[access.spawn])
        if (S.mayRun(r, inside) && !Done->isDone(access, r, nullptr)) {
          run.root = r;
          run.parallel = true;
          run.alive.append(access.around->alive.begin(), access.around->alive.end());
          variable->runs.push_back(run);
          break;
        }
      return;
    }
    for (const Context &context : S.contexts[access.function]) {
      if (!S.mayRun(context.root, access.function) || !S.mayRun(context.root, inside) ||
          isRuledOut(access.around->kinds, context.kinds, S.changing) || Done->isDone(access, context.root, &context))
        continue;
      AccessRun placed = run;
      placed.root = context.root;
      placed.guess |= context.guess;
      placed.callers = &context;
      placed.parallel = context.parallel || !access.around->alive.empty();
      placed.alive.append(context.alive.begin(), context.alive.end());
      dropJoined(S, access.around->joined, placed.alive);
      // All that ran have ended.
      if (placed.alive.size() == 1 && placed.alive.front() == threadsEnded && access.around->alive.empty())
        placed.parallel = false;
      placed.alive.append(access.around->alive.begin(), access.around->alive.end());
      if (Done->dropDone(access, context, placed.alive))
        placed.parallel = false;
      for (std::uint32_t key : context.held)
        placed.locks.push_back(
            {key, S.lockClasses.lookup(key), S.words[key].starts_with("exact "), model::LockMode::Exclusive});
      if (placed.parallel)
        variable->runs.push_back(std::move(placed));
    }
  }

  /// The name under which an access is grouped: the last field of its path, or
  /// the object; empty when neither is known.
  std::string keyOf(const Access &access) const {
    if (link::FieldId field = S.terms.declaredField(access.subject)) {
      const link::FieldInfo &info = S.program.field(firstOfLocation(field));
      return "field " + std::string(S.program.record(info.record).qualifiedName) + "::" + std::string(info.name);
    }
    if (link::FieldId pointer = S.declared.guardedPointer(S.terms, access.subject))
      return "pointee of " + std::to_string(pointer);
    TermId place = S.terms.objectOf(access.subject);
    const Term &term = S.terms[place];
    switch (term.kind) {
    case TermKind::Global:
      return "global " + std::to_string(term.a);
    case TermKind::Local:
      return "local " + std::to_string(term.a) + " " + std::to_string(term.b);
    case TermKind::Deref:
    case TermKind::Heap:
      if (const TermId rows = Elements.isOfRegion(access) ? Elements.arrayOfRows(place) : 0)
        return "rows of " + std::to_string(rows) + " in " + std::to_string(access.function);
      if (isTeamsInput(access))
        return "object " + std::to_string(place) + " in " + std::to_string(access.function);
      return isExactRoot(S.terms[S.terms.root(place)]) ? "object " + std::to_string(place) : std::string();
    default:
      return {};
    }
  }

  link::FieldId firstOfLocation(link::FieldId field) const { return solve::firstOfLocation(S.program, field); }

  SharedVariable *variableOf(const Access &access) { // null: not known what is touched, or no data
    auto [known, isNew] = Touched.try_emplace(access.subject);
    return known->second = isNew ? makeVariable(access) : known->second;
  }

  SharedVariable *makeVariable(const Access &access) {
    std::string key = keyOf(access);
    if (key.empty())
      return nullptr;
    if (auto found = Variables.find(key); found != Variables.end())
      return &found->second;
    SharedVariable made;
    made.key = key;
    const ir::Type *type = nullptr;
    link::UnitId unit = 0;
    if (link::FieldId field = S.terms.declaredField(access.subject)) {
      const link::FieldInfo &info = S.program.field(field);
      std::string record(S.program.record(info.record).qualifiedName);
      made.display = (record.empty() ? std::string() : record + "::") + std::string(info.name);
      unit = info.row.unit;
      type = &S.program.unit(unit).types[S.program.unit(unit).fields[info.row.row].type];
      made.field = field;
      made.declaredGuard = S.declared.guardOf(field);
      made.ownerHasLock = hasLock(S.program, info.record);
    } else {
      TermId place = S.terms.objectOf(access.subject);
      const Term &term = S.terms[place];
      if (term.kind == TermKind::Global) {
        const link::RowRef &row = S.program.global(term.a).row;
        unit = row.unit;
        type = &S.program.unit(unit).types[S.program.unit(unit).globals[row.row].type];
        made.display = std::string(S.program.global(term.a).qualifiedName);
        made.declaredGuard = S.declared.guardOfGlobal(term.a);
      } else if (term.kind == TermKind::Local) {
        unit = S.program.function(term.a).row.unit;
        const ir::Variable &variable = S.program.unit(unit).variables[term.b];
        type = &S.program.unit(unit).types[variable.type];
        made.display = std::string(S.program.unit(unit).text(variable.name));
      } else if (link::FieldId pointer = S.declared.guardedPointer(S.terms, access.subject)) {
        const link::FieldInfo &info = S.program.field(pointer);
        made.display = "*" + std::string(S.program.record(info.record).qualifiedName) + "::" + std::string(info.name);
      } else {
        made.display = S.terms.spell(place, access.function);
      }
    }
    if (type) {
      if (!isData(unit, *type))
        return nullptr;
      made.isVolatile = type->flags & ir::TypeIsVolatile;
      made.isFlag = type->kind == ir::TypeKind::Bool || type->kind == ir::TypeKind::Integer ||
                    type->kind == ir::TypeKind::Pointer;
    }
    return &(Variables[key] = std::move(made));
  }

  bool isData(link::UnitId unit, const ir::Type &type) const {
    ir::Index row = ir::Index(&type - S.program.unit(unit).types.data());
    return AccessFilter::isAtomicType(S.program, unit, row) || !AccessFilter::synchronizes(S.program, unit, row);
  }

  //===--- Conflicts -------------------------------------------------------===//

  /// The conflicts that rest on the least: on nothing, else on assumed callers,
  /// else on a guess about indirect calls.
  void findConflicts(SharedVariable &variable) {
    std::vector<Conflict> found[3];
    const auto count = std::uint32_t(variable.runs.size());
    RunPairs pairs(S, Runs, variable.runs);
    for (std::uint32_t i = 0; pairs.anyWrites() && i < count && found[0].size() < conflictLimit; ++i) {
      const bool needsGuesses = found[0].empty() && found[1].empty() && found[2].size() < conflictLimit;
      for (unsigned j : pairs.with(i, needsGuesses).set_bits()) {
        const OverlapTable::Entry &overlap = pairs.overlap(i, j);
        const bool isGuess = pairs.isGuess(i, j);
        std::vector<Conflict> &kept = found[isGuess ? 2 : overlap.assumed ? 1 : 0];
        if (kept.size() >= conflictLimit || (isGuess && !(found[0].empty() && found[1].empty())))
          continue;
        Conflict conflict{i, j, false, isGuess, overlap.assumed, overlap.indirect};
        if (isConflict(variable, conflict))
          kept.push_back(conflict);
      }
    }
    for (std::vector<Conflict> &kept : found)
      if (variable.conflicts.empty())
        variable.conflicts = std::move(kept);
  }

  /// Of two plain accesses, one of which writes, on threads that may overlap.
  bool isConflict(const SharedVariable &variable, Conflict &conflict) const {
    const AccessRun &x = variable.runs[conflict.first], &y = variable.runs[conflict.second];
    const Access &a = S.accesses[x.access], &b = S.accesses[y.access];
    // Found under the object's own name; who sets up what all find is mostly first.
    if ((a.flags & b.flags & AccessIsWhole) || (conflict.assumed && ((a.flags | b.flags) & AccessIsPublished)))
      return false;
    // A change of one bit-field loses a change of its neighbour, and no more.
    link::FieldId left = S.terms.declaredField(a.subject), right = S.terms.declaredField(b.subject);
    const bool areNeighbours = left != right && firstOfLocation(left) == firstOfLocation(right);
    const bool areOfUnion = areNeighbours && isUnionMember(S.program, left);
    // Some object of the class is mostly a new one that is being filled in.
    const bool needsOne = areOfUnion || ((a.flags | b.flags) & AccessIsWhole);
    if (areNeighbours && !areOfUnion && !(isWrite(a.kind) && isWrite(b.kind)))
      return false;
    if (ParallelRuns::haveCommonLock(S, x, y))
      return false;
    if (S.terms[S.terms.root(a.subject)].kind == TermKind::Local &&
        ((usesOwnFrame(a) && b.spawn && !Runs.mayShareFrame(x, b.spawn)) ||
         (usesOwnFrame(b) && a.spawn && !Runs.mayShareFrame(y, a.spawn))))
      return false; // another call's variable
    const bool isTask = isTaskRun(x) || isTaskRun(y);
    if (!isTask && (S.ofRegions.contains(S.terms.root(a.subject)) || S.ofRegions.contains(S.terms.root(b.subject))))
      return false;
    ElementOverlap elements = compareElements(S.terms, S.loopStarts, a.subject, b.subject);
    if (elements == ElementOverlap::Apart && x.root == y.root)
      return false;
    const bool areOfRegion = Elements.isOfRegion(a) && Elements.isOfRegion(b);
    // Which rounds are selected is not looked at, nor where a pointer or iterator stands.
    if (areOfRegion && (!Elements.isKnown(a) || !Elements.isKnown(b)))
      return false;
    if (areOfRegion && ((a.flags | b.flags) & AccessIsSelected))
      elements = ElementOverlap::Unknown;
    const RoundsMeet rounds = Elements.compareRounds(x, y);
    if (rounds == RoundsMeet::No)
      return false;
    // Tasks, and threads that start more of their kind, divide an array among
    // themselves by what they are given.
    const bool divides = isTask || Runs.startsItself(S.roots[x.root].spawn) || Runs.startsItself(S.roots[y.root].spawn);
    if (divides && (Elements.isInArray(a.subject) || Elements.isInArray(b.subject)))
      return false;
    // Which rows lie where is not known: they are taken to be apart.
    const bool areRows = areOfRegion && Elements.arrayOfRows(a.subject);
    if (areRows && (rounds != RoundsMeet::Yes || areOneInstance(a, b)))
      return false;
    const bool isSlot = isChosenSlot(a) || isChosenSlot(b);
    // The round of a loop that starts a thread sets up that thread's element first.
    if (((a.flags ^ b.flags) & AccessIsStarters) && areOfOneRound(S.terms, a.subject, b.subject))
      return false;
    // Which of all elements were chosen for two threads is not known.
    const bool isStarters = (a.flags & b.flags & AccessIsStarters) && ((a.flags | b.flags) & AccessIsEverySlot);
    // A loop over a whole array is mostly set-up: it takes threads that are known.
    const bool isSetUp = conflict.assumed && ((a.flags | b.flags) & AccessIsEverySlot);
    const bool meets = (elements == ElementOverlap::Meets || rounds == RoundsMeet::Yes) &&
                       (areOfRegion || (!isStarters && !isSetUp)) && !areOneInstance(a, b);
    if (isSlot && !meets)
      return false;
    // What the starter's loop chose for two threads may be one element all the same.
    const bool isOne = x.root == y.root && (a.flags & b.flags & AccessIsStarters) && !madeForEachStart(a) &&
                       meetInTwoRounds(S.terms, S.loopRanges, a.subject, b.subject);
    Overlap overlap = areRows                               ? Overlap::Same
                      : isSlot || isOne || x.root != y.root ? overlapOf(a, b)
                                                            : overlapOnOneRoot(a, b);
    if (overlap == Overlap::No || (needsOne && overlap != Overlap::Same) || Captured.areOneJob(a, b) ||
        Captured.isBeforeCapture(a, x.root, b) || Captured.isBeforeCapture(b, y.root, a) || Runs.areOrdered(x, y) ||
        Claimed.areApart(x, y) || Protocol.excludesEachOther(x.root, y.root) ||
        (S.roots[x.root].function == S.roots[y.root].function && areOfOneElement(S.terms, a, b)))
      return false;
    conflict.sameObject = overlap == Overlap::Same;
    return true;
  }

  bool isTaskRun(const AccessRun &run) const {
    const std::uint32_t spawn = S.roots[run.root].spawn;
    return spawn && S.spawns[spawn].isTask;
  }

  /// Whether the indices of a loop's elements can be compared with others.
  bool isComparable(const Access &access) const {
    return (Elements.isOfRegion(access) && areRoundsKnown(S.terms, S.loopRanges, access.subject)) ||
           (access.flags & (AccessIsEverySlot | AccessIsStarters)) == AccessIsEverySlot ||
           isThreadsElement(S.terms, access.subject);
  }

  /// An element that a loop or a thread's number chooses.
  bool isChosenSlot(const Access &access) const {
    return (access.flags & AccessIsOwnSlot) || isThreadsElement(S.terms, access.subject);
  }

  /// Whether the object is a thread's own: made by the thread, or handed to it
  /// alone.
  bool isOwn(const Access &access) const {
    TermKind kind = S.terms[S.terms.objectOf(access.subject)].kind;
    if (usesOwnFrame(access))
      return kind == TermKind::Local || kind == TermKind::Heap;
    return access.flags & AccessIsStarters;
  }

  /// Two instances of one thread.
  Overlap overlapOnOneRoot(const Access &a, const Access &b) const {
    if (isOwn(a) || isOwn(b))
      return Overlap::No;
    if (a.capture && b.capture)
      return overlapOf(a, b);
    if (areOneInstance(a, b))
      return Overlap::No;
    if (isOfTeam(a) && isOfTeam(b))
      return overlapOf(a, b);
    if (madeForEachStart(a) || madeForEachStart(b))
      return Overlap::No;
    // Two calls of the function that starts the thread have variables of their own.
    TermKind root = S.terms[S.terms.root(a.subject)].kind;
    if (a.spawn && a.spawn < S.spawns.size() && !S.spawns[a.spawn].besideItself &&
        (root == TermKind::Local || root == TermKind::Heap))
      return Overlap::No;
    // So it is when each start makes or gets an object of its own.
    if (a.spawn && root == TermKind::Heap && !((a.flags | b.flags) & AccessIsRepeated))
      return Overlap::No;
    return overlapOf(a, b);
  }

  /// An object that the starter makes anew in the loop that starts the threads.
  bool madeForEachStart(const Access &access) const {
    TermId root = S.terms.root(access.subject);
    const Term &term = S.terms[root];
    if (term.kind == TermKind::Heap)
      return S.loopHeaps.contains(term.number);
    return access.spawn && term.kind == TermKind::Opaque;
  }

  /// Whether all threads of a parallel region got the object that was made before.
  bool isOfTeam(const Access &access) const {
    return Elements.isOfRegion(access) && S.spawns[access.spawn].besideItself && (access.flags & AccessIsRepeated);
  }

  /// What a function was given, or got before, is one object for all threads of its
  /// parallel region.
  bool isTeamsInput(const Access &access) const {
    const TermKind root = S.terms[S.terms.root(access.subject)].kind;
    return Elements.isOfRegion(access) && S.spawns[access.spawn].function == access.function &&
           (root == TermKind::Formal || (root == TermKind::Opaque && isOfTeam(access)));
  }

  Overlap overlapOf(const Access &a, const Access &b) const {
    const Term &x = S.terms[S.terms.root(a.subject)], &y = S.terms[S.terms.root(b.subject)];
    if (findsPublished(S, a, b) || findsPublished(S, b, a))
      return sameClassPath(S.terms, a.subject, b.subject) ? Overlap::Same : Overlap::No;
    const bool areOneTeams = isTeamsInput(a) && isTeamsInput(b) && a.function == b.function;
    bool exactX = isExactRoot(x) || areOneTeams, exactY = isExactRoot(y) || areOneTeams;
    if (!exactX || !exactY) {
      // What a function made and kept to itself is nobody else's.
      if (isInOwnFrame(S.terms, a) || isInOwnFrame(S.terms, b))
        return Overlap::No;
      link::FieldId pointer = S.declared.guardedPointer(S.terms, a.subject);
      bool sameGuarded = pointer && pointer == S.declared.guardedPointer(S.terms, b.subject);
      return sameGuarded || sameClassPath(S.terms, a.subject, b.subject) ? Overlap::SameClass : Overlap::No;
    }
    // Two functions' own variables, or what each of two threads made for itself.
    if (isInOwnFrame(S.terms, a) && usesOwnFrame(b))
      return Overlap::No;
    const auto left = S.terms.steps(a.subject), right = S.terms.steps(b.subject);
    std::size_t common = std::min(left.size(), right.size());
    bool lost = false, anyElement = false, changing = false;
    for (std::size_t i = 0; i < common; ++i) {
      const Term &p = S.terms[left[i]], &q = S.terms[right[i]];
      if (p.kind == TermKind::Element && (!p.b || S.terms[p.b].weak))
        anyElement = true;
      // What an element of a container points to: whoever takes the element out
      // has it to itself, unless it is shared by declaration.
      if (p.kind == TermKind::Deref && S.terms[p.a].kind == TermKind::Initial && changesInParallel(S.terms[p.a].a))
        changing = true;
      if (p.kind == TermKind::Deref && (anyElement || lost)) {
        lost = !isSharedOwner(p.a);
        changing &= lost;
        anyElement = false;
      }
      if (left[i] == right[i])
        continue;
      if (p.kind != q.kind || i == 0)
        return Overlap::No;
      if (p.kind == TermKind::Field && firstOfLocation(p.b) != firstOfLocation(q.b))
        return Overlap::No;
      if (p.kind == TermKind::Element && p.b != q.b) {
        if (p.b && q.b && S.terms[p.b].kind == TermKind::Integer && S.terms[q.b].kind == TermKind::Integer)
          return Overlap::No;
        anyElement = true;
      }
    }
    // The longer path goes on into what the shorter one names as a whole.
    const Access &outer = left.size() < right.size() ? a : b;
    auto &longer = left.size() < right.size() ? right : left;
    for (std::size_t i = common; i < longer.size(); ++i) {
      const Term &step = S.terms[longer[i]];
      if (step.kind == TermKind::Deref || step.kind == TermKind::Initial)
        return Overlap::No;
      bool isGhost = step.kind == TermKind::Field && !S.program.field(step.b).record;
      if (isGhost && !isWrite(outer.kind))
        return Overlap::No; // asking a container for an element does not read it
    }
    changing &= !isCount(S.terms, a) && !isCount(S.terms, b);
    return lost ? Overlap::No : changing ? Overlap::SameClass : Overlap::Same;
  }

  /// Whether a pointer is held by a smart pointer that is one of several owners.
  bool isSharedOwner(TermId pointer) const {
    bool isLoaded = S.terms[pointer].kind == TermKind::Initial;
    link::FieldId holder = isLoaded ? S.terms.declaredField(S.terms[pointer].a) : 0;
    if (!holder)
      return false;
    const link::RowRef &row = S.program.field(holder).row;
    const model::TypeModel *model = S.program.typeModel(row.unit, S.program.unit(row.unit).fields[row.row].type);
    return model && model->shares;
  }

  /// Whether the decision is what the function waits for. Then whoever made it so
  /// handed the place over, and only another thread that waits so may step in.
  bool isAwaitedIn(const StaleAct &act) const {
    Subject subject = S.subjects ? S.subjects->ofTerm(S.terms, act.place) : 0;
    return subject && llvm::any_of(S.waits, [&](const WaitFact &wait) {
             return wait.function == act.function && llvm::is_contained(wait.subjects, subject);
           });
  }

  /// Whether another thread may write what is acted on, lock or no lock.
  void findContention(StaleAct &act) {
    Access access;
    access.subject = act.place;
    access.function = act.function;
    auto found = Variables.find(keyOf(access));
    if (found == Variables.end())
      return;
    const SharedVariable &variable = found->second;
    auto writes = [&](const AccessRun &run) {
      AccessKind kind = S.accesses[run.access].kind;
      return !run.guess &&
             (act.lock ? isWrite(kind) : kind == AccessKind::AtomicStore || kind == AccessKind::AtomicUpdate);
    };
    auto isAct = [&, event = S.steps[S.innermost(act.step)]](const AccessRun &run) {
      const Step &step = S.steps[S.innermost(S.accesses[run.access].step)];
      return step.function == event.function && step.location == event.location;
    };
    bool certain = false, assumed = false;
    for (std::size_t i = 0; i < variable.runs.size() && !certain; ++i)
      for (std::size_t j = i; j < variable.runs.size() && !certain; ++j) {
        const AccessRun &x = variable.runs[i], &y = variable.runs[j];
        bool rests = false, indirect = false;
        const bool isOther = act.againstItself && !(isAct(x) && isAct(y));
        if (isOther || !writes(x) || !writes(y) || (x.root != y.root && isAwaitedIn(act)) ||
            !Runs.mayOverlap(x, y, rests, indirect))
          continue;
        const Access &a = S.accesses[x.access], &b = S.accesses[y.access];
        if ((x.root == y.root ? overlapOnOneRoot(a, b) : overlapOf(a, b)) == Overlap::No)
          continue;
        (rests ? assumed : certain) = true;
      }
    if (certain || (assumed && (act.lock || variable.ownerHasLock)))
      act.variable = variable.display;
    act.assumedCallers = !certain;
  }

  void keepGuarded(SharedVariable &variable) {
    if (!S.options.keepsGuarded || variable.runs.empty())
      return;
    findGuard(S, variable);
    if (!variable.guard || !variable.guardIsRelated || variable.guarded != variable.total)
      return;
    S.guarded.push_back(variable);
    S.guarded.back().runs.clear();
  }

  /// Whether some thread may change what a pointer's holder holds while others run.
  bool changesInParallel(TermId holder) const {
    Access access;
    access.subject = holder;
    auto found = Variables.find(keyOf(access));
    return found != Variables.end() && llvm::any_of(found->second.runs, [&](const AccessRun &run) {
             return run.parallel && isWrite(S.accesses[run.access].kind);
           });
  }

  Solution &S;
  ParallelRuns Runs;
  ClaimedThreads Claimed;
  CapturedObjects Captured;
  std::optional<SetUp> Done;
  std::map<std::uint32_t, llvm::SmallVector<std::uint32_t, 1>> RootsOf; ///< by spawn
  NamedLocks Locks;
  mutable SharedElements Elements;
  SpinProtocol Protocol;
  llvm::DenseMap<TermId, SharedVariable *> Touched; ///< by place
  std::map<std::string, SharedVariable> Variables;
  llvm::DenseSet<const SharedVariable *> Changed; ///< by some access
};

} // namespace

void findShared(Solution &solution) {
  if (solution.accesses.empty() && solution.summaries.empty())
    return;
  SharingFinder(solution).run();
}

} // namespace gridlock::solve
