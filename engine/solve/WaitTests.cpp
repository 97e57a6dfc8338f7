//===- WaitTests.cpp - What is tested around a wait -------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A wait may return for no reason, and another thread may have consumed what it
// was about. So what matters is the way from the wait onwards: a test of the
// state has to come before the function acts on it or returns.
//
// Two questions, over the function's own graph, exception edges left out:
//
// * Which tests decide whether the wait is reached? In the innermost loop around
//   the wait these are its guards. A guard that leaves the loop, or any test of
//   shared state on which the loop ends, is a loop around the wait: all is well.
//   A guard that stays in the loop is an `if`: the loop is about something else.
// * Can the function get from the wait to its end, or to a change of what the
//   guards are about, without another test of that? Without guards any test of
//   shared state will do.
//
// A branch on the outcome of a timed wait separates the time-out, after which
// giving up is right, from the wake-up: only when both sides go wrong is the
// wait untested. A timed wait whose outcome nobody looks at is a pause: what
// follows has to cope with a time-out anyway.
//
// A function that waits with its caller's lock, and ends without a test, leaves
// the test to its callers: each call of it is judged like a wait, and so on.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/WaitTests.h"
#include "engine/solve/BodyGraph.h"
#include "llvm/ADT/STLExtras.h"
#include <map>

namespace gridlock::solve {

namespace {

/// A wait, or a call of a function that waits.
struct Site {
  link::FunctionId function = 0;
  unsigned block = 0;
  std::uint32_t event = 0;
  ir::Index call = 0;
  ir::Index location = 0;
};

struct Judgement {
  WaitTest test = WaitTest::Again;
  ir::Index testedAt = 0;
  bool acts = false;    ///< acts on the state, rather than returning
  bool givesUp = false; ///< tests afterwards, but never waits again
  bool loops = false;   ///< stands in a loop that ends on shared state
  std::vector<Subject> subjects;
};

/// Judges one site. Use once.
class SiteJudge {
public:
  SiteJudge(const Solution &solution, const BodyGraph &graph, const Site &site, bool bounded)
      : S(solution), G(graph), At(site), Bounded(bounded),
        Link(solution.program.link(solution.program.function(site.function).row.unit)), Unit(*Link.unit) {}

  Judgement run() {
    for (const BodyGraph::Loop &loop : G.loops)
      if (loop.inside[At.block] && (!Innermost || loop.size < Innermost->size))
        Innermost = &loop;
    findGuards();
    Result.loops = LoopTests && Strict.empty();
    if (Result.loops)
      return std::move(Result);
    bool bad = untested(At.block, At.event + 1, false);
    if (!bad)
      return std::move(Result);
    bool discarded = Unit.calls[At.call].flags & ir::CallResultIsDiscarded;
    if (Bounded && (discarded || !SeesOutcome))
      Result.test = WaitTest::Tick;
    else if (!Strict.empty())
      Result.test = Result.givesUp && !Result.acts ? WaitTest::GivesUp : WaitTest::Once;
    else
      Result.test = Bounded ? WaitTest::Result : WaitTest::Never;
    return std::move(Result);
  }

private:
  Tested test(unsigned block) const {
    Tested result;
    // What a function that waits returns is no test of the state: it says what
    // that function made of the wake-up.
    if (!Subjects::waitEffect(S.program, Link.functions[Unit.calls[At.call].callee])) {
      result.ignoredIn = At.function;
      result.ignoredCall = At.call;
    }
    S.subjects->ofValue(At.function, G.blocks[block]->value, result);
    llvm::erase_if(result.subjects, [&](Subject subject) { return !S.subjects->mayBeShared(subject); });
    return result;
  }

  /// Whether the function can get back to the site from a block.
  bool comesBack(unsigned from) const {
    std::vector<bool> seen(G.blocks.size(), false);
    llvm::SmallVector<unsigned, 16> work(G.successors[from].begin(), G.successors[from].end());
    while (!work.empty()) {
      unsigned b = work.pop_back_val();
      if (b == At.block)
        return true;
      if (seen[b])
        continue;
      seen[b] = true;
      work.append(G.successors[b].begin(), G.successors[b].end());
    }
    return false;
  }

  bool inRegion(unsigned block) const { return !Innermost || Innermost->inside[block]; }

  /// Whether a step stays in one iteration of the loop around the wait; loops
  /// inside it may go round.
  bool goesOn(unsigned from, unsigned to) const {
    return Innermost ? to != Innermost->head : G.order[to] > G.order[from];
  }

  /// Whether the site is reached from a block before the iteration ends.
  bool reaches(unsigned from) const {
    std::vector<bool> seen(G.blocks.size(), false);
    llvm::SmallVector<unsigned, 16> work{from};
    while (!work.empty()) {
      unsigned b = work.pop_back_val();
      if (b == At.block)
        return true;
      if (seen[b] || !inRegion(b))
        continue;
      seen[b] = true;
      for (unsigned next : G.successors[b])
        if (goesOn(b, next))
          work.push_back(next);
    }
    return false;
  }

  void addSubjects(const Tested &tested) {
    for (Subject subject : tested.subjects)
      if (!llvm::is_contained(Result.subjects, subject))
        Result.subjects.push_back(subject);
  }

  void findGuards() {
    unsigned nearest = 0;
    for (unsigned b = 0; b < G.blocks.size(); ++b) {
      if (G.successors[b].size() < 2 || !inRegion(b))
        continue;
      bool leaves = Innermost && llvm::any_of(G.successors[b], [&](unsigned next) { return !Innermost->inside[next]; });
      bool someReach = false, allReach = true;
      if (b != At.block)
        for (unsigned next : G.successors[b]) {
          bool forward = goesOn(b, next) && inRegion(next) && reaches(next);
          someReach |= forward;
          allReach &= forward;
        }
      bool isGuard = someReach && !allReach;
      if (!isGuard && !leaves)
        continue;
      Tested tested = test(b);
      if (!tested.isShared())
        continue;
      if (leaves)
        LoopTests = true;
      if (isGuard || (leaves && Innermost->size <= 14))
        addSubjects(tested);
      if (isGuard && !leaves) {
        Strict.append(tested.subjects.begin(), tested.subjects.end());
        StrictUnknown |= tested.unknown;
        if (G.order[b] + 1 > nearest) {
          nearest = G.order[b] + 1;
          Result.testedAt = G.blocks[b]->location;
        }
      }
    }
    if (Strict.empty() && StrictUnknown)
      Strict.push_back(0); // tested, but not known what: any test will do
  }

  bool satisfies(const Tested &tested) const {
    if (Strict.empty() || StrictUnknown)
      return tested.isShared();
    return tested.overlaps(Strict);
  }

  /// Whether the body tests shared state at all, or, for an `if` around the
  /// wait, loops on what that is about.
  bool bodyTests(link::FunctionId callee, unsigned depth) const {
    const link::FunctionInfo &info = S.program.function(callee);
    if (!info.hasBody || depth > 3)
      return false;
    const link::Program::UnitLink &link = S.program.link(info.row.unit);
    BodyGraph graph = makeGraph(*link.unit, S.program.body(callee));
    for (unsigned b = 0; b < graph.blocks.size(); ++b) {
      const ir::Block &block = *graph.blocks[b];
      for (std::uint32_t e = 0; e < block.eventCount; ++e) {
        const ir::Event &event = link.unit->events[block.firstEvent + e];
        if (event.kind == ir::EventKind::Call && link.functions[link.unit->calls[event.a].callee] != callee &&
            bodyTests(link.functions[link.unit->calls[event.a].callee], depth + 1))
          return true;
      }
      if (graph.successors[b].size() < 2)
        continue;
      bool ends = Strict.empty() || llvm::any_of(graph.loops, [&](const BodyGraph::Loop &loop) {
                    return loop.inside[b] &&
                           llvm::any_of(graph.successors[b], [&](unsigned next) { return !loop.inside[next]; });
                  });
      Tested tested;
      S.subjects->ofValue(callee, block.value, tested);
      if (ends && satisfies(tested))
        return true;
    }
    return false;
  }

  /// Whether a call changes what the guards are about.
  bool callActs(const ir::Call &call, link::FunctionId callee) const {
    const model::FunctionModel *model = S.program.function(callee).model;
    if (!model || !(model->effect(model::EffectKind::Writes) || model->effect(model::EffectKind::Atomic)))
      return false;
    if (!call.arguments.count)
      return false;
    const ir::Expr &object = Unit.exprs[Unit.lists[call.arguments.first]];
    bool isLoad = llvm::any_of(model->effects, [](const model::Effect &effect) { return effect.operation == "load"; });
    return !isLoad && object.kind == ir::ExprKind::AddressOf &&
           llvm::is_contained(Strict, S.subjects->ofPlace(At.function, object.a));
  }

  /// A value that is returned tells the caller the state, unless it comes from
  /// a call that itself changed it. An `if` around a wait without a bound means
  /// that the state holds afterwards.
  bool returnTests(ir::Index value) const {
    if (!Bounded && !Strict.empty())
      return false;
    const ir::Expr &e = Unit.exprs[value];
    if (e.kind == ir::ExprKind::Result) {
      const link::FunctionInfo &callee = S.program.function(Link.functions[Unit.calls[e.a].callee]);
      if (callee.hasBody && !callee.model && !(callee.flags & ir::FunctionIsConst))
        return false;
    }
    Tested tested;
    S.subjects->ofValue(At.function, value, tested);
    return satisfies(tested) && !tested.unknown;
  }

  enum class Way { Goes, Good, Bad };

  Way follow(const ir::Event &event, bool &saw) {
    if (event.kind == ir::EventKind::Assign) {
      if (event.flags & ir::AssignIsReturn) {
        Tested tested;
        S.subjects->ofValue(At.function, event.b, tested);
        SeesOutcome |= tested.waitResult;
        return returnTests(event.b) ? Way::Good : Way::Goes;
      }
      Subject target = S.subjects->ofPlace(At.function, event.a);
      if (target && llvm::is_contained(Strict, target)) {
        Result.acts = true;
        return Way::Bad;
      }
      return Way::Goes;
    }
    if (event.kind != ir::EventKind::Call)
      return Way::Goes;
    if (event.a == At.call)
      return saw || !Strict.empty() ? Way::Good : Way::Bad;
    const ir::Call &call = Unit.calls[event.a];
    link::FunctionId callee = Link.functions[call.callee];
    const link::FunctionInfo &info = S.program.function(callee);
    if (callActs(call, callee)) {
      Result.acts = true;
      return Way::Bad;
    }
    if (info.model)
      return Way::Goes;
    if (!callee || !info.hasBody || (call.flags & ir::CallIsVirtual)) {
      bool mayTest = Strict.empty() && !(info.flags & ir::FunctionIsInSystemHeader);
      return mayTest ? Way::Good : Way::Goes; // unknown code may well test
    }
    return bodyTests(callee, 0) ? Way::Good : Way::Goes;
  }

  /// Whether some way from here ends, or acts, without a test.
  bool untested(unsigned block, std::uint32_t from, bool saw) {
    if (from)
      return untestedFrom(block, from, saw);
    auto [known, isNew] = Known.try_emplace({block, saw}, false);
    if (isNew)
      known->second = untestedFrom(block, 0, saw);
    return known->second;
  }

  bool untestedFrom(unsigned block, std::uint32_t from, bool saw) {
    const ir::Block &code = *G.blocks[block];
    for (std::uint32_t e = from; e < code.eventCount; ++e) {
      switch (follow(Unit.events[code.firstEvent + e], saw)) {
      case Way::Good:
        return false;
      case Way::Bad:
        return true;
      case Way::Goes:
        break;
      }
    }
    switch (code.terminator) {
    case ir::TerminatorKind::Return:
      return !saw;
    case ir::TerminatorKind::Goto:
      return !G.successors[block].empty() && untested(G.successors[block].front(), 0, saw);
    case ir::TerminatorKind::Branch:
    case ir::TerminatorKind::Switch:
      break;
    default:
      return false;
    }
    Tested tested = test(block);
    if (tested.isShared() && satisfies(tested)) {
      // A test that cannot lead back to the wait takes a wake-up for no reason
      // for the end; with a time-out that is what is wanted.
      if (Bounded || Strict.empty() || comesBack(block))
        return false;
      Result.givesUp = true;
      return true;
    }
    saw |= tested.isShared();
    SeesOutcome |= tested.waitResult;
    bool all = true, any = false;
    for (unsigned next : G.successors[block]) {
      bool bad = untested(next, 0, saw);
      all &= bad;
      any |= bad;
    }
    return tested.waitResult ? all : any;
  }

  const Solution &S;
  const BodyGraph &G;
  Site At;
  bool Bounded;
  const link::Program::UnitLink &Link;
  const ir::Unit &Unit;
  const BodyGraph::Loop *Innermost = nullptr;
  bool LoopTests = false;               ///< the loop ends on shared state
  llvm::SmallVector<Subject, 4> Strict; ///< what an `if` around the wait is about
  bool StrictUnknown = false;
  bool SeesOutcome = false;
  /// What is known of a way that starts at a block; false while it is open.
  std::map<std::pair<unsigned, bool>, bool> Known;
  Judgement Result;
};

/// Judges all waits of the program.
class WaitJudge {
public:
  explicit WaitJudge(Solution &solution) : S(solution) {}

  void run() {
    for (std::size_t i = 0; i < S.waits.size(); ++i) {
      WaitFact &wait = S.waits[i];
      Site site;
      if (wait.hasPredicate) {
        Tested tested;
        for (link::FunctionId predicate : wait.predicates)
          S.subjects->ofBody(predicate, tested);
        wait.subjects.assign(tested.subjects.begin(), tested.subjects.end());
      } else if (wait.call && findSite(wait.function, wait.call, site)) {
        judge(i, site);
      }
    }
  }

private:
  const BodyGraph &graph(link::FunctionId function) {
    auto [entry, isNew] = Graphs.try_emplace(function);
    if (isNew)
      entry->second = std::make_unique<BodyGraph>(
          makeGraph(S.program.unit(S.program.function(function).row.unit), S.program.body(function)));
    return *entry->second;
  }

  bool findSite(link::FunctionId function, ir::Index call, Site &site) {
    const ir::Unit &unit = S.program.unit(S.program.function(function).row.unit);
    const BodyGraph &code = graph(function);
    for (unsigned b = 0; b < code.blocks.size(); ++b)
      for (std::uint32_t e = 0; e < code.blocks[b]->eventCount; ++e) {
        const ir::Event &event = unit.events[code.blocks[b]->firstEvent + e];
        if (event.kind == ir::EventKind::Call && event.a == call) {
          site = {function, b, e, call, unit.calls[call].location ? unit.calls[call].location : event.location};
          return true;
        }
      }
    return false;
  }

  void judge(std::size_t index, const Site &site) {
    WaitFact &wait = S.waits[index];
    Judgement own = SiteJudge(S, graph(site.function), site, wait.bounded).run();
    wait.subjects = own.subjects;
    if (own.test == WaitTest::Again || own.test == WaitTest::Tick)
      return;
    std::vector<std::pair<link::FunctionId, ir::Index>> way;
    bool allTest = true, anyCaller = false;
    std::vector<UntestedWait> found;
    if (!own.acts)
      judgeCallers(index, site, way, wait.ownLock, 0, allTest, anyCaller, found);
    if (!wait.ownLock && !own.acts) {
      // The lock is the callers': so is the test.
      S.untestedWaits.insert(S.untestedWaits.end(), found.begin(), found.end());
      if (anyCaller || (own.test != WaitTest::Once && own.test != WaitTest::GivesUp))
        return;
    }
    if (anyCaller && allTest && !own.acts)
      return;
    S.untestedWaits.push_back({index, own.test, site.function, site.location, own.testedAt, {}});
  }

  /// Judges every call of the function of a site like a wait. Once the lock has
  /// been given back, only a loop around the call will do.
  void judgeCallers(std::size_t index, const Site &site, std::vector<std::pair<link::FunctionId, ir::Index>> way,
                    bool mustLoop, unsigned depth, bool &allTest, bool &anyCaller, std::vector<UntestedWait> &found) {
    if (depth > 4)
      return;
    way.insert(way.begin(), {site.function, site.location});
    for (auto [caller, row] : callersOf(site.function)) {
      Site call;
      if (!findSite(caller, row, call))
        continue;
      anyCaller = true;
      Judgement theirs = SiteJudge(S, graph(caller), call, S.waits[index].bounded).run();
      for (Subject subject : theirs.subjects)
        if (!llvm::is_contained(S.waits[index].subjects, subject))
          S.waits[index].subjects.push_back(subject);
      if (mustLoop ? theirs.loops : theirs.test == WaitTest::Again || theirs.test == WaitTest::Tick)
        continue;
      if (!theirs.acts && theirs.test != WaitTest::Once && theirs.test != WaitTest::GivesUp && !takesLocks(caller)) {
        bool deeper = false;
        judgeCallers(index, call, way, mustLoop, depth + 1, allTest, deeper, found);
        // Who took the lock of the wait decides; nobody else is left to test.
        allTest &= deeper || !mustLoop;
        continue;
      }
      allTest = false;
      if (mustLoop)
        continue;
      // Someone further up may loop around this one.
      bool deeperTest = true, deeper = false;
      std::vector<UntestedWait> ignored;
      if (!theirs.acts)
        judgeCallers(index, call, way, true, depth + 1, deeperTest, deeper, ignored);
      if (!deeper || !deeperTest)
        found.push_back({index, theirs.test, caller, call.location, theirs.testedAt, way});
    }
  }

  const std::vector<std::pair<link::FunctionId, ir::Index>> &callersOf(link::FunctionId function) {
    if (Callers.empty()) {
      Callers.resize(S.program.functionCount());
      for (link::FunctionId id = 1; id < S.program.functionCount(); ++id)
        if (S.program.function(id).hasBody)
          addCalls(id);
    }
    return Callers[function];
  }

  void addCalls(link::FunctionId id) {
    const link::Program::UnitLink &link = S.program.link(S.program.function(id).row.unit);
    S.program.forEachEvent(id, [&](const ir::Event &event) {
      if (event.kind != ir::EventKind::Call)
        return;
      const ir::Call &call = link.unit->calls[event.a];
      link::FunctionId callee = link.functions[call.callee];
      if (!callee)
        return;
      if (call.flags & ir::CallIsVirtual) {
        for (link::FunctionId target : S.program.virtualTargets(callee, link.records[call.receiver], 8))
          if (target != id)
            Callers[target].push_back({id, event.a});
      } else if (callee != id) {
        Callers[callee].push_back({id, event.a});
      }
    });
  }

  /// Whether a function takes some lock itself, also through a callee that
  /// returns with it.
  bool takesLocks(link::FunctionId function) const {
    const link::Program::UnitLink &link = S.program.link(S.program.function(function).row.unit);
    using enum model::EffectKind;
    auto acquires = [](const model::FunctionModel &model) {
      return model.effect(Acquire) || model.effect(TryAcquire) || model.effect(AcquireAll);
    };
    auto returnsHeld = [](const Outcome &outcome) { return !outcome.acquired.empty(); };
    return S.program.anyEvent(function, [&](const ir::Event &event) {
      if (event.kind != ir::EventKind::Call)
        return false;
      link::FunctionId callee = link.functions[link.unit->calls[event.a].callee];
      const link::FunctionInfo &info = S.program.function(callee);
      return (info.model && acquires(*info.model)) ||
             (callee < S.summaries.size() && llvm::any_of(S.summaries[callee].outcomes, returnsHeld));
    });
  }

  Solution &S;
  std::map<link::FunctionId, std::unique_ptr<BodyGraph>> Graphs;
  std::vector<std::vector<std::pair<link::FunctionId, ir::Index>>> Callers;
};

} // namespace

void judgeWaits(Solution &solution) { WaitJudge(solution).run(); }

} // namespace gridlock::solve
