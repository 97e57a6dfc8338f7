//===- Explain.cpp - What is known about a line -----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers "why is this reported" and "why not": the functions that contain the
// line, on which threads they run, which locks every caller holds, which pairs
// of locks meet there, and for pairs that also meet the other way round, why
// the two cannot be a deadlock.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Solution.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

namespace {

class LineExplainer {
public:
  LineExplainer(const Solution &solution, std::string_view file, unsigned line) : S(solution), File(file), Line(line) {}

  std::vector<std::string> run() {
    for (link::FunctionId id = 1; id < S.program.functionCount(); ++id)
      if (S.program.function(id).hasBody && contains(id))
        explainFunction(id);
    for (const LockPair &pair : S.pairs)
      if (isHere(pair.step) || isHere(pair.held.acquiredAt))
        explainPair(pair);
    for (const Access &access : S.accesses)
      if (SourceLocation at = S.location(S.innermost(access.step)); at.file == File && at.line == Line)
        explainAccess(access);
    if (Lines.empty())
      Lines.push_back("no function that was analysed contains this line");
    return std::move(Lines);
  }

private:
  bool contains(link::FunctionId id) const {
    const ir::Function &body = S.program.body(id);
    SourceLocation begin = S.location(id, body.location), end = S.location(id, body.endLocation);
    return begin.file == File && begin.line <= Line && Line <= end.line;
  }

  /// Whether the step, or a call on the way to it, is on the line.
  bool isHere(StepId step) const {
    for (; step; step = S.steps[step].inner) {
      SourceLocation at = S.location(step);
      if (at.file == File && at.line == Line)
        return true;
    }
    return false;
  }

  void explainFunction(link::FunctionId id) {
    Lines.push_back("in `" + S.functionName(id) + "`:");
    if (S.contexts[id].empty())
      Lines.push_back("  no thread is known to reach it");
    for (const Context &context : S.contexts[id]) {
      const Root &root = S.roots[context.root];
      std::string text = root.isHandler      ? "  runs in signal handler `"
                         : root.spawn        ? "  runs on threads that start in `"
                         : root.isEntryPoint ? "  may be entered from outside, on any thread, through `"
                                             : "  runs under `";
      text += S.functionName(root.function) + "`";
      text += context.parallel ? ", beside other threads" : ", while no other thread runs";
      for (std::uint32_t key : context.held)
        text += "; every caller holds " + S.words[key];
      Lines.push_back(std::move(text));
    }
  }

  /// An access to state that may be shared, and why it is no race.
  void explainAccess(const Access &access) {
    std::string text = access.kind == AccessKind::Read     ? "reads `"
                       : isAtomic(access.kind)             ? "accesses atomically `"
                       : access.kind == AccessKind::Update ? "changes `"
                                                           : "writes `";
    text += S.terms.spell(access.subject, access.function) + "`";
    if (access.function != S.steps[S.innermost(access.step)].function)
      text += " as `" + S.functionName(access.function) + "` names it";
    for (const AccessLock &lock : access.around->locks)
      text += ", holding `" + S.name(lock.lock, access.function).display + "`";
    if (access.spawn && access.spawn < S.spawns.size())
      text += "; on the thread started at line " + std::to_string(S.location(S.spawns[access.spawn].step).line) +
              (S.spawns[access.spawn].besideItself ? ", of which several may run" : "");
    for (std::uint32_t spawn : access.around->alive)
      text += "; the thread started at line " + std::to_string(S.location(S.spawns[spawn].step).line) + " may run";
    for (const HandOver &wait : access.around->awaited)
      text += "; after waiting for `" + S.terms.spell(wait.place, access.function) + "`";
    if (access.flags & (AccessIsOptional | AccessIsChosen))
      text += "; a flag decides here whether a lock is taken";
    if (access.flags & AccessIsOwnSlot)
      text += "; an element of this round of the loop";
    Lines.push_back(std::move(text));
  }

  void explainPair(const LockPair &pair) {
    std::string names = "`" + pair.heldName.display + "`, then `" + pair.acquiredName.display + "`";
    Lines.push_back("locks meet here: " + names + (pair.byTry ? " (only tried)" : "") +
                    (pair.ordered ? " (something orders the two)" : ""));
    for (const LockPair &other : S.pairs) {
      bool opposite = other.heldName.classKey == pair.acquiredName.classKey &&
                      other.acquiredName.classKey == pair.heldName.classKey && &other != &pair;
      if (!opposite)
        continue;
      SourceLocation at = S.place(other.step);
      std::string where = at.file + ":" + std::to_string(at.line);
      std::string why;
      bool assumed = false;
      if (S.mayRunInParallel(pair, other, why, assumed))
        Lines.push_back("  the other way round at " + where + ", possibly at the same time");
      else
        Lines.push_back("  the other way round at " + where + ", but " + why);
    }
  }

  const Solution &S;
  std::string_view File;
  unsigned Line;
  std::vector<std::string> Lines;
};

} // namespace

std::vector<std::string> explainAt(const Solution &solution, std::string_view file, unsigned line) {
  return LineExplainer(solution, file, line).run();
}

} // namespace gridlock::solve
