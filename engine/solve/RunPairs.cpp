//===- RunPairs.cpp - Runs of a variable worth comparing --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/RunPairs.h"

namespace gridlock::solve {

bool isInOwnFrame(const TermTable &terms, const Access &access) {
  const TermKind kind = terms[terms.root(access.subject)].kind;
  return usesOwnFrame(access) && (kind == TermKind::Heap || kind == TermKind::Local);
}

RunPairs::RunPairs(const Solution &solution, const ParallelRuns &parallel, const std::vector<AccessRun> &runs)
    : S(solution), Runs(runs), Overlaps(parallel, runs) {
  for (llvm::BitVector *row : {&Plain, &Writes, &Updates, &AtomicUpdates, &Targets, &Jobs, &Own})
    row->resize(unsigned(runs.size()));
  for (unsigned i = 0; i < runs.size(); ++i) {
    const Access &access = S.accesses[runs[i].access];
    Plain[i] = !isAtomic(access.kind);
    Writes[i] = isWrite(access.kind);
    Updates[i] = access.kind == AccessKind::Update;
    AtomicUpdates[i] = access.kind == AccessKind::AtomicUpdate;
    Targets[i] = runs[i].guess & GuessTarget;
    Jobs[i] = runs[i].guess & GuessJob;
    Own[i] = isInOwnFrame(S.terms, access);
    Roots.push_back(S.terms.root(access.subject));
  }
}

llvm::BitVector RunPairs::with(std::uint32_t run, bool andGuesses) {
  // Of plain accesses one has to write. What is atomic on the one side loses a change
  // that the other side makes in two steps.
  llvm::BitVector others(unsigned(Runs.size()));
  if (AtomicUpdates[run])
    others = Updates;
  else if (Plain[run])
    others = Writes[run] ? Plain : Writes;
  if (Updates[run])
    others |= AtomicUpdates;
  others.reset(0, run);
  others &= Overlaps.with(run);
  if (!andGuesses)
    for (unsigned other : others.set_bits())
      if (isGuess(run, other))
        others.reset(other);
  // What a function made and kept is nobody else's, whatever it is called there.
  for (unsigned other : others.set_bits())
    if ((Own[run] || Own[other]) && Roots[run] != Roots[other] &&
        !((S.accesses[Runs[run].access].flags | S.accesses[Runs[other].access].flags) & AccessIsPublished))
      others.reset(other);
  return others;
}

} // namespace gridlock::solve
