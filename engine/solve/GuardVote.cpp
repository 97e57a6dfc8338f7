//===- GuardVote.cpp - The lock that guards a variable ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Most code says nowhere which lock guards what. The accesses vote: the lock that
// is held at most places is taken for the guard (Engler, Chen, Hallem, Chou,
// Chelf, SOSP 2001), a lock of the same object before any other. What an attribute
// says goes before all votes.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/GuardVote.h"
#include "engine/solve/Solution.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <set>

namespace gridlock::solve {

namespace {

class GuardVote {
public:
  explicit GuardVote(Solution &solution) : S(solution) {}

  //===--- Guards ----------------------------------------------------------===//

  /// The lock held at most places, each place counted once.
  void find(SharedVariable &variable) {
    std::map<std::uint32_t, std::set<SourceLocation>> held;
    std::map<SourceLocation, std::vector<const AccessRun *>> all;
    for (const AccessRun &run : variable.runs) {
      // Whoever fills in a new object, or copies one, says nothing about a member.
      if (S.accesses[run.access].flags & AccessIsWhole)
        continue;
      SourceLocation at = S.location(S.innermost(S.accesses[run.access].step));
      all[at].push_back(&run);
      for (const NamedLock &lock : run.locks)
        if (!S.onceLocks.contains(lock.classKey))
          held[lock.classKey].insert(at);
    }
    variable.total = unsigned(all.size());
    if (findDeclaredGuard(variable, held)) {
      variable.guarded = alwaysHeldAt(all, variable.guard);
      return;
    }
    // A lock of the same object goes before one that happens to be held higher up.
    std::size_t most = 0;
    for (const auto &[lock, places] : held) {
      bool related = isRelated(variable, lock);
      // Places where it is held on every way count twice.
      std::size_t points = places.size() + alwaysHeldAt(all, lock);
      if ((related && !variable.guardIsRelated) || (related == variable.guardIsRelated && points > most)) {
        most = points;
        variable.guard = lock;
        variable.guardIsRelated = related;
      }
    }
    if (!variable.guard)
      return;
    variable.guardDisplay = S.lockDisplays[variable.guard];
    variable.guarded = alwaysHeldAt(all, variable.guard);
  }

private:
  /// The lock that an attribute names, as it is held at the accesses.
  bool findDeclaredGuard(SharedVariable &variable, const std::map<std::uint32_t, std::set<SourceLocation>> &held) {
    if (!variable.declaredGuard)
      return false;
    LockName name = S.name(variable.declaredGuard, 0);
    if (name.generic)
      return false;
    variable.guard = S.lockClasses[S.lockWord(name)];
    for (const auto &[lock, places] : held)
      if (isDeclaredLock(S.words[lock], name.classKey))
        variable.guard = lock;
    variable.guardIsRelated = variable.guardIsDeclared = true;
    variable.guardDisplay = name.display;
    return true;
  }

  /// At how many places every run holds a lock.
  static unsigned alwaysHeldAt(const std::map<SourceLocation, std::vector<const AccessRun *>> &places,
                               std::uint32_t lock) {
    return unsigned(llvm::count_if(places, [&](const auto &place) {
      return llvm::all_of(place.second, [&](const AccessRun *run) {
        return llvm::any_of(run->locks, [&](const NamedLock &held) { return held.classKey == lock; });
      });
    }));
  }

  /// Whether a lock is a member of the variable's class, or both are global.
  bool isRelated(const SharedVariable &variable, std::uint32_t lock) const {
    llvm::StringRef key = S.words[lock];
    bool lockIsGlobal = key.starts_with("global ");
    if (!variable.field)
      return lockIsGlobal;
    llvm::StringRef owner = S.program.record(S.program.field(variable.field).record).qualifiedName;
    return !owner.empty() && key.consume_front(owner) && key.starts_with("::");
  }

  Solution &S;
};

} // namespace

bool hasLock(const link::Program &program, link::RecordId record, unsigned depth) {
  if (!record || depth > 4)
    return false;
  const link::RecordInfo &info = program.record(record);
  for (link::FieldId field : info.fields) {
    const link::RowRef &row = program.field(field).row;
    ir::Index type = program.unit(row.unit).fields[row.row].type;
    const model::TypeModel *model = program.typeModel(row.unit, type);
    if (model ? model->lock != model::LockKind::None
              : hasLock(program, program.recordOfType(row.unit, type), depth + 1))
      return true;
  }
  return llvm::any_of(info.bases, [&](link::RecordId base) { return hasLock(program, base, depth + 1); });
}

void findGuard(Solution &solution, SharedVariable &variable) { GuardVote(solution).find(variable); }

} // namespace gridlock::solve
