//===- RaceShape.cpp - What kind of race a conflict is ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/RaceShape.h"
#include "engine/solve/Trace.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <set>

namespace gridlock::solve {

namespace {

/// Looks at one variable.
class ShapeFinder {
public:
  ShapeFinder(const Solution &solution, const SharedVariable &variable) : S(solution), V(variable) {}

  Race find() {
    Race race;
    race.variable = &V;
    if (!findStopFlag(race) && !findDoubleCheck(race) && !findBrokenGuard(race)) {
      race.shape = RaceShape::UnlockedMutation;
      choose(race, [&](std::uint32_t) { return true; });
    }
    rate(race);
    return race;
  }

private:
  const Access &access(std::uint32_t run) const { return S.accesses[V.runs[run].access]; }
  /// Whether the guard protects the access: a write needs it for itself alone.
  bool guarded(std::uint32_t run) const {
    return llvm::any_of(V.runs[run].locks, [&](const NamedLock &lock) {
      return lock.classKey == V.guard && !(isWrite(access(run).kind) && lock.mode == model::LockMode::Shared);
    });
  }
  link::FunctionId eventFunction(std::uint32_t run) const { return S.steps[S.innermost(access(run).step)].function; }

  /// Whether `main` has done this very write when no other thread ran, and does not
  /// come here later: then a thread that does may find it done.
  bool isDoneAtStart(std::uint32_t run) const {
    if (access(run).kind != AccessKind::Write || !access(run).around->alive.empty())
      return false;
    bool before = false, later = false;
    for (const Context &context : S.contexts[eventFunction(run)]) {
      const Root &root = S.roots[context.root];
      if (!root.spawn && !root.isEntryPoint && S.mayShareProcess(context.root, V.runs[run].root))
        (context.parallel ? later : before) = true;
    }
    return before && !later;
  }
  /// Whether all that a conflict writes was written at the start, too.
  bool restsOnStart(const Conflict &conflict) const {
    return llvm::all_of(llvm::ArrayRef{conflict.first, conflict.second},
                        [&](std::uint32_t run) { return !isWrite(access(run).kind) || isDoneAtStart(run); });
  }

  /// How well a conflict convinces: one object, known threads, a lost update.
  unsigned weight(const Conflict &conflict, std::uint32_t reported) const {
    std::uint32_t other = reported == conflict.first ? conflict.second : conflict.first;
    unsigned points = conflict.sameObject ? 32 : 0;
    points += conflict.assumed ? 0 : 64;
    points += conflict.guessed ? 0 : 128;
    points += conflict.indirect ? 0 : 32;
    points += restsOnStart(conflict) ? 0 : 16;
    points += isWrite(access(reported).kind) ? 8 : 0;
    points += access(reported).kind == AccessKind::Update ? 4 : 0;
    points += isWrite(access(other).kind) ? 2 : 0;
    points += S.roots[V.runs[reported].root].spawn ? 1 : 0;
    return points;
  }

  /// The most convincing conflict whose reported access satisfies the test.
  bool choose(Race &race, llvm::function_ref<bool(std::uint32_t)> test) {
    unsigned best = 0;
    for (const Conflict &conflict : V.conflicts)
      for (std::uint32_t run : {conflict.first, conflict.second})
        if (test(run) && weight(conflict, run) + 1 > best) {
          best = weight(conflict, run) + 1;
          race.reported = run;
          race.other = run == conflict.first ? conflict.second : conflict.first;
          race.sameObject = conflict.sameObject;
          race.assumedCallers = conflict.assumed;
          race.guessed = conflict.guessed;
          race.indirect = conflict.indirect;
          race.startsAgain = restsOnStart(conflict);
        }
    return best != 0;
  }

  bool findStopFlag(Race &race) {
    if (!V.isFlag)
      return false;
    bool onlySet = llvm::all_of(V.conflicts, [&](const Conflict &conflict) {
      return access(conflict.first).kind != AccessKind::Update && access(conflict.second).kind != AccessKind::Update;
    });
    race.shape = RaceShape::StopFlag;
    return onlySet && choose(race, [&](std::uint32_t run) {
             return access(run).kind == AccessKind::Read && (access(run).flags & AccessIsPolled) &&
                    V.runs[run].locks.empty();
           });
  }

  /// A test outside the lock, in a function that goes on to take the lock and to
  /// test or set the same thing there.
  bool findDoubleCheck(Race &race) {
    if (!V.guard)
      return false;
    auto writesAreGuarded = [&] {
      for (std::uint32_t run = 0; run < V.runs.size(); ++run)
        if (isWrite(access(run).kind) && !guarded(run))
          return false;
      return true;
    };
    race.shape = RaceShape::DoubleChecked;
    return writesAreGuarded() && choose(race, [&](std::uint32_t run) {
             if (isWrite(access(run).kind) || guarded(run) || !(access(run).flags & AccessDecides))
               return false;
             for (std::uint32_t inside = 0; inside < V.runs.size(); ++inside)
               if (guarded(inside) && eventFunction(inside) == eventFunction(run))
                 return true;
             return false;
           });
  }

  bool findBrokenGuard(Race &race) {
    if (!V.guard)
      return false;
    bool writesUnderIt = false;
    for (std::uint32_t run = 0; run < V.runs.size(); ++run)
      writesUnderIt |= guarded(run) && isWrite(access(run).kind);
    // A lock of something else that some caller far up happens to hold is no guard.
    const bool isStray = !V.guardIsRelated && !V.guarded;
    if ((isStray || (!writesUnderIt && V.guarded < 2)) && !V.guardIsDeclared)
      return false;
    race.shape = RaceShape::InconsistentGuard;
    return choose(race, [&](std::uint32_t run) { return !guarded(run) && !isExempt(run); });
  }

  /// The author says of a declared guard that this function may do without.
  bool isExempt(std::uint32_t run) const {
    return V.guardIsDeclared && (S.program.function(eventFunction(run)).flags & ir::FunctionIsNoThreadSafetyAnalysis);
  }

  /// Whether both hold locks while the one that is called the guard is missing at most
  /// places: the authors order the threads in some other way, or in none.
  bool haveLocksOfTheirOwn(const Race &race) const {
    return race.shape == RaceShape::InconsistentGuard && !V.guardIsDeclared && V.guarded * 2 < V.total &&
           !V.runs[race.reported].locks.empty() && !V.runs[race.other].locks.empty();
  }

  /// High: one object, known threads. Of objects known by their class, and of
  /// threads that are assumed, a guard has to tell that they are shared: a lock
  /// of the same object that is held nearly everywhere.
  void rate(Race &race) const {
    bool isGuarded =
        race.shape != RaceShape::UnlockedMutation && V.guardIsRelated && (V.guardIsUsual() || V.guardIsDeclared);
    bool isChecked = race.shape == RaceShape::DoubleChecked && V.guardIsRelated;
    if (race.guessed || isExempt(race.reported) || isExempt(race.other))
      race.confidence = Confidence::Low;
    else if (race.sameObject && !race.assumedCallers)
      race.confidence =
          race.indirect || race.startsAgain || haveLocksOfTheirOwn(race) ? Confidence::Medium : Confidence::High;
    else if (isGuarded || isChecked)
      race.confidence = Confidence::Medium;
    else
      race.confidence = Confidence::Low;
  }

  const Solution &S;
  const SharedVariable &V;
};

} // namespace

Race shapeOf(const Solution &solution, const SharedVariable &variable) {
  return ShapeFinder(solution, variable).find();
}

/// Two threads that touch more than this without a lock hand over to each other
/// by means that are not seen: no single variable is the defect.
static constexpr unsigned sharedByDesign = 20;
/// As many fields that one pair of functions races on are one finding.
static constexpr unsigned manyFields = 4;

using ThreadPair = std::pair<std::uint32_t, std::uint32_t>;

static ThreadPair threadsOf(const Race &race) {
  return std::minmax(race.variable->runs[race.reported].root, race.variable->runs[race.other].root);
}

static link::FunctionId eventFunction(const Solution &solution, const Race &race, std::uint32_t run) {
  return solution.steps[solution.innermost(solution.accesses[race.variable->runs[run].access].step)].function;
}

void forEachRace(const Solution &solution, RaceShape shape, llvm::function_ref<void(const Race &)> report) {
  std::vector<Race> races;
  std::map<ThreadPair, unsigned> shared;
  for (const SharedVariable &variable : solution.shared)
    if (!variable.conflicts.empty())
      if (Race race = shapeOf(solution, variable); race.confidence != Confidence::Low) {
        ++shared[threadsOf(race)];
        races.push_back(std::move(race));
      }
  using Place = std::tuple<RaceShape, link::FunctionId, link::FunctionId, std::uint32_t>;
  std::map<Place, std::vector<Race *>> places;
  for (Race &race : races)
    if (race.shape == shape && shared[threadsOf(race)] <= sharedByDesign)
      places[{shape, eventFunction(solution, race, race.reported), eventFunction(solution, race, race.other),
              race.variable->guard}]
          .push_back(&race);
  for (auto &[place, list] : places) {
    if (list.size() < manyFields) {
      for (Race *race : list)
        report(*race);
      continue;
    }
    for (std::size_t i = 1; i < list.size(); ++i)
      list.front()->alike.push_back(list[i]->variable);
    report(*list.front());
  }
}

static std::string verb(AccessKind kind) {
  return kind == AccessKind::Read ? "reads" : kind == AccessKind::Update ? "changes" : "writes";
}

static ThreadTrace runTrace(const Solution &solution, const Race &race, std::uint32_t index, unsigned number) {
  const AccessRun &run = race.variable->runs[index];
  const Access &access = solution.accesses[run.access];
  TraceBuilder trace(solution, "Thread " + std::to_string(number));
  if (access.spawn && access.spawn != ~0u)
    trace.spawnedBy(access.spawn);
  else
    trace.wayTo(access.function, run.root);
  std::string locks;
  for (const NamedLock &lock : run.locks)
    if (auto found = solution.lockDisplays.find(lock.classKey); found != solution.lockDisplays.end()) {
      trace.holds(found->second);
      locks += (locks.empty() ? "`" : ", `") + found->second + "`";
    }
  trace.chain(access.step, verb(access.kind) + " `" + race.variable->display + "` " +
                               (locks.empty() ? "with no lock held" : "holding " + locks));
  return trace.build();
}

Finding raceFinding(const Solution &solution, const Race &race, const RuleOutput &output) {
  Finding finding = output.make();
  const Access &reported = solution.accesses[race.variable->runs[race.reported].access];
  finding.location = solution.location(solution.innermost(reported.step));
  finding.identity = {race.variable->display};
  finding.confidence = race.confidence;
  finding.threads.push_back(runTrace(solution, race, race.reported, 1));
  finding.threads.push_back(runTrace(solution, race, race.other, 2));
  for (const SharedVariable *variable : race.alike) {
    const Access &access = solution.accesses[variable->runs.front().access];
    finding.related.push_back(
        {solution.location(solution.innermost(access.step)), "`" + variable->display + "` in the same way"});
  }
  if (race.assumedCallers)
    finding.assumptions.push_back("the functions where the threads enter are called from different threads");
  if (race.indirect)
    finding.assumptions.push_back("the thread that starts the other one does so before this access");
  if (race.startsAgain)
    finding.assumptions.push_back("it is written again, although `main` has come here before it started threads");
  if (!race.sameObject)
    finding.assumptions.push_back("both threads use the same object");
  return finding;
}

void forEachStaleAct(const RuleInput &input, RuleOutput &output, bool underLock,
                     llvm::function_ref<std::string(const StaleAct &)> change,
                     llvm::function_ref<void(const StaleAct &, Finding &)> tell) {
  const Solution &solution = input.solution;
  std::set<std::pair<link::FunctionId, std::string>> reported;
  for (const StaleAct &act : solution.staleActs) {
    if ((act.lock != 0) != underLock || act.variable.empty() || !reported.insert({act.function, act.variable}).second)
      continue;
    Finding finding = output.make();
    finding.location = solution.location(solution.innermost(act.step));
    finding.identity = {act.variable, solution.functionName(act.function)};
    finding.confidence = Confidence::Medium;
    if (act.assumedCallers)
      finding.assumptions.push_back("`" + solution.functionName(act.function) + "` is called by several threads");
    TraceBuilder trace(solution, "Each thread");
    trace.wayTo(act.function, /*preferSpawned=*/true);
    if (act.testedAt)
      trace.at(act.function, act.testedAt, "decides on `" + act.variable + "`");
    trace.chain(act.step, change(act));
    finding.threads.push_back(trace.build());
    tell(act, finding);
    output.add(std::move(finding));
  }
}

} // namespace gridlock::solve
