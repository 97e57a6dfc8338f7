//===- thread-not-joined.cpp -------------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A thread object that dies or is overwritten while it is joinable, which ends
// the program, and handles of threads that nothing joins or detaches.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"
#include <set>

namespace gridlock::checks {

using namespace solve;

static std::string threadName(const Solution &solution, std::uint32_t spawn) {
  std::string entry = spawn ? solution.functionName(solution.spawns[spawn].entry) : std::string();
  return entry.empty() || entry.find("(lambda)") != std::string::npos ? "the thread that is started here"
                                                                      : "the thread that runs `" + entry + "`";
}

static void report(const Solution &solution, const LostThread &fact, RuleOutput &output) {
  Finding finding = output.make();
  bool overwritten = fact.form == LostThread::Overwritten || fact.form == LostThread::OverwrittenHandle;
  bool isObject = fact.form == LostThread::Destroyed || fact.form == LostThread::Overwritten;
  finding.location = solution.location(solution.innermost(overwritten ? fact.lostAt : fact.startedAt));
  std::string thread = threadName(solution, fact.spawn);
  switch (fact.form) {
  case LostThread::Destroyed:
    finding.message = fact.thrownAt
                          ? "an exception destroys the `std::thread` of " + thread +
                                " before it is joined: `std::terminate` ends the program"
                          : "the `std::thread` of " + thread +
                                " is destroyed on some path without a join: `std::terminate` ends the program";
    finding.help = "join or detach it on every path, or use `std::jthread`, which joins when it is destroyed";
    break;
  case LostThread::Overwritten:
    finding.message = "this assigns to a `std::thread` that still runs " +
                      (fact.spawn ? "`" + solution.functionName(solution.spawns[fact.spawn].entry) + "`" : "a thread") +
                      ": `std::terminate` ends the program";
    finding.help = "join it before it is assigned again, or keep the threads in a container";
    break;
  case LostThread::Dropped:
    finding.message = thread + " is neither joined nor detached on some path: what it holds is never given back";
    finding.help = "join it on every path, or detach it when it is started";
    break;
  case LostThread::OverwrittenHandle:
    finding.message = "this overwrites the only handle of a thread that is neither joined nor detached";
    finding.help = "join or detach each thread, or start it detached (`PTHREAD_CREATE_DETACHED`)";
    break;
  }
  finding.severity = isObject ? Severity::Error : Severity::Warning;
  finding.confidence = fact.thrownAt ? Confidence::Medium : Confidence::High;
  finding.identity = {solution.functionName(fact.function), thread};
  TraceBuilder trace(solution, "Thread 1");
  trace.wayTo(fact.function, false).chain(fact.startedAt, "starts the thread");
  if (fact.thrownAt)
    trace.chain(fact.thrownAt, "an exception may leave from here");
  trace.chain(fact.lostAt, isObject      ? (overwritten ? "assigns to the object while it is joinable"
                                                        : "destroys the object while it is joinable")
                           : overwritten ? "puts another thread into the handle"
                                         : "leaves with the handle neither joined nor detached");
  finding.threads.push_back(trace.build());
  output.add(std::move(finding));
}

static void report(const Solution &solution, const UnjoinedHandle &fact, RuleOutput &output) {
  Finding finding = output.make();
  finding.location = solution.location(fact.function, fact.location);
  std::string holder = "`" + solution.subjects->name(fact.holder) + "`";
  finding.message = fact.isObject
                        ? "nothing joins or detaches the thread in " + holder +
                              ": when it is destroyed, `std::terminate` ends the program"
                        : "nothing joins or detaches the thread in " + holder + ": what it holds is never given back";
  finding.help = fact.isObject ? "join it in the destructor of its owner, or use `std::jthread`"
                               : "join it when its owner ends, or start it detached";
  finding.severity = fact.isObject ? Severity::Error : Severity::Warning;
  finding.identity = {holder};
  finding.confidence = Confidence::Medium;
  TraceBuilder trace(solution, "Thread 1");
  trace.wayTo(fact.function, false).at(fact.function, fact.location, "starts the thread");
  finding.threads.push_back(trace.build());
  output.add(std::move(finding));
}

void threadNotJoined(const RuleInput &input, RuleOutput &output) {
  const Solution &solution = input.solution;
  std::set<SourceLocation> reported;
  std::set<std::uint64_t> holders;
  for (const UnjoinedHandle &fact : solution.unjoinedHandles)
    if (holders.insert(fact.holder).second && reported.insert(solution.location(fact.function, fact.location)).second)
      report(solution, fact, output);
  for (const LostThread &fact : solution.lostThreads)
    if (reported.insert(solution.location(solution.innermost(fact.startedAt))).second)
      report(solution, fact, output);
}

} // namespace gridlock::checks
