//===- fork-with-threads.cpp ---------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// After a fork in a program with threads the child has one thread, and every
// lock that another thread held at that moment stays locked for ever in it. So
// before exec the child may only make async-signal-safe calls, and the parent
// should hold no lock of its own over the fork.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include <deque>
#include <map>

namespace gridlock::checks {

using namespace solve;

namespace {

/// One unsafe act of the child, with the calls that lead to it.
struct Act {
  std::string what, callee;
  /// Call sites, outermost first, then the act's own place.
  std::vector<std::pair<link::FunctionId, ir::Index>> way;
};

class ForkSearch {
public:
  ForkSearch(const RuleInput &input, RuleOutput &output) : S(input.solution), Output(output) {
    for (const UnsafeAct &act : S.unsafe)
      if (!act.afterExec)
        ActsIn[act.function].push_back(&act);
    HasThreads = llvm::any_of(S.spawns, [](const Spawn &spawn) { return spawn.what == "thread"; });
  }

  void run() {
    std::map<SourceLocation, bool> reported;
    for (std::uint32_t fork = 1; fork < S.processes.forks.size(); ++fork) {
      const ForkSite &site = S.processes.forks[fork];
      bool assumed = false;
      if ((site.outer && site.outer < fork) ||
          !mayHaveThreads(site, assumed)) // what a child forks is told with the child
        continue;
      std::vector<Act> acts = actsOf(fork, false);
      if (acts.empty())
        acts = actsOf(fork, true);
      LockName lock;
      bool locked = heldLock(site, lock);
      if (acts.empty() && !locked)
        continue;
      if (reported.try_emplace(S.location(S.innermost(site.step)), true).second)
        report(site, acts, locked ? lock.display : std::string(), assumed);
    }
  }

private:
  bool mayHaveThreads(const ForkSite &site, bool &assumed) const {
    if (site.threadsAlive)
      return true;
    bool found = false, sure = false;
    for (const Context &context : S.contexts[site.function]) {
      const Root &root = S.roots[context.root];
      if (!context.parallel || root.isHandler || (root.isEntryPoint && !HasThreads))
        continue;
      found = true;
      sure |= !root.isEntryPoint;
    }
    assumed = found && !sure;
    return found;
  }

  /// A lock that is held at the fork, here or by some caller.
  bool heldLock(const ForkSite &site, LockName &lock) const {
    for (const Held &held : site.held)
      if (held.traits.kind == model::LockKind::Mutex || held.traits.kind == model::LockKind::ReaderWriter ||
          held.traits.kind == model::LockKind::Spin) {
        lock = S.name(held.lock, site.function);
        return true;
      }
    return false;
  }

  /// What the child does; on the way to a fatal end only when asked for.
  std::vector<Act> actsOf(std::uint32_t fork, bool withFatal) const {
    std::vector<Act> acts;
    for (const ForkAct &act : S.processes.acts)
      if (act.fork == fork)
        acts.push_back({act.what, act.callee, {{act.function, act.location}}});
    for (const ForkCall &call : S.processes.calls)
      if (call.fork == fork)
        below(call, withFatal, acts);
    for (std::uint32_t inner = fork + 1; inner < S.processes.forks.size(); ++inner)
      if (S.processes.forks[inner].outer == fork)
        llvm::append_range(acts, actsOf(inner, withFatal));
    llvm::stable_sort(acts, [](const Act &left, const Act &right) { return gravity(left.what) > gravity(right.what); });
    return acts;
  }

  /// How surely an act hangs when another thread was at work at the fork.
  static unsigned gravity(llvm::StringRef what) { return what == "lock" ? 3 : what == "malloc" ? 2 : what == "stdio"; }

  /// The gravest unsafe act in the functions that a call of the child reaches;
  /// of several the nearest.
  void below(const ForkCall &call, bool withFatal, std::vector<Act> &acts) const {
    llvm::DenseMap<link::FunctionId, std::uint32_t> from;
    std::deque<link::FunctionId> work{call.callee};
    from[call.callee] = ~0u;
    const UnsafeAct *worst = nullptr;
    while (!work.empty()) {
      link::FunctionId id = work.front();
      work.pop_front();
      if (auto found = ActsIn.find(id); found != ActsIn.end())
        for (const UnsafeAct *act : found->second)
          if (!worst || gravity(act->what) > gravity(worst->what))
            worst = act;
      for (std::uint32_t next : S.callsFrom[id])
        if ((withFatal || !S.callSites[next].guess) && from.try_emplace(S.callSites[next].callee, next).second)
          work.push_back(S.callSites[next].callee);
    }
    if (!worst)
      return;
    Act result{worst->what, worst->callee, {{worst->function, worst->location}}};
    for (link::FunctionId walk = worst->function; from.lookup(walk) != ~0u;
         walk = S.callSites[from.lookup(walk)].caller)
      result.way.push_back({S.callSites[from.lookup(walk)].caller, S.callSites[from.lookup(walk)].location});
    result.way.push_back({call.caller, call.location});
    std::reverse(result.way.begin(), result.way.end());
    acts.push_back(std::move(result));
  }

  static std::string describe(const Act &act) {
    if (act.what == "lock")
      return "takes `" + act.callee + "`, which another thread may have held at the fork";
    if (act.what == "malloc")
      return "`" + act.callee + "` manages memory under a lock that another thread may have held at the fork";
    if (act.what == "stdio")
      return "`" + act.callee + "` locks a stream that another thread may have held at the fork";
    return "`" + act.callee + "` is not safe between fork and exec in a program with threads";
  }

  void report(const ForkSite &site, llvm::ArrayRef<Act> acts, const std::string &lock, bool assumed) {
    Finding finding = Output.make();
    finding.location = S.location(S.innermost(site.step));
    if (acts.empty())
      finding.message = "fork while `" + lock + "` is held: in the child it stays locked for ever";
    else
      finding.message = "the child of this fork does what is not async-signal-safe in a program with threads: " +
                        describe(acts.front());
    finding.help =
        "use posix_spawn, or call nothing but async-signal-safe functions until exec or _exit, or fork before "
        "the first thread";
    bool onlyOther = llvm::all_of(acts, [](const Act &act) { return act.what == "other"; });
    if (assumed)
      finding.assumptions.push_back("other threads run when this function is called");
    if (assumed || (onlyOther && lock.empty()))
      finding.confidence = Confidence::Low;
    finding.identity = {S.functionName(site.function), acts.empty() ? lock : acts.front().callee};
    TraceBuilder trace(S, "Thread 1");
    trace.wayTo(site.function, false);
    if (!lock.empty())
      trace.chain(site.held.front().acquiredAt, "takes `" + lock + "`").holds(lock);
    trace.chain(site.step, "forks");
    finding.threads.push_back(trace.build());
    TraceBuilder child(S, "The child");
    constexpr unsigned mostActs = 4;
    for (const Act &act : acts.take_front(mostActs))
      for (std::size_t i = 0; i < act.way.size(); ++i)
        child.at(act.way[i].first, act.way[i].second,
                 i + 1 < act.way.size() ? "calls `" + S.functionName(act.way[i + 1].first) + "`" : describe(act));
    if (!acts.empty())
      finding.threads.push_back(child.build());
    Output.add(std::move(finding));
  }

  const Solution &S;
  RuleOutput &Output;
  llvm::DenseMap<link::FunctionId, std::vector<const UnsafeAct *>> ActsIn;
  bool HasThreads = false;
};

} // namespace

void forkWithThreads(const RuleInput &input, RuleOutput &output) { ForkSearch(input, output).run(); }

} // namespace gridlock::checks
