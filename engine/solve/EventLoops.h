//===- EventLoops.h - Which thread calls a handler --------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// An object often has an event loop of its own, and one thread that runs it. The
/// handlers that are registered with that loop, or with a timer or socket of the same
/// object, are called by this thread: they never run beside it or beside each other.
/// A server has a loop for each of its workers: a handler that is registered with each
/// of them runs on all of them at the same time. Each object of a class may have a loop
/// and a thread: handlers of two classes are two threads then, those of one class may
/// be one. Where nothing is known, handlers may be one thread, too, and whatever rests
/// on their being two is an assumption.
///
/// Private to the room; built once when the phases are known, linear in the events.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_EVENTLOOPS_H
#define GRIDLOCK_ENGINE_SOLVE_EVENTLOOPS_H

#include "engine/link/Program.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"

namespace gridlock::solve {

class Solution;

class EventLoops {
public:
  explicit EventLoops(const Solution &solution);

  /// Whether two roots are one thread: one runs the loop that calls the other, or
  /// both are called by one loop.
  bool areOneThread(std::uint32_t root, std::uint32_t other) const;

  /// Whether two roots are surely two threads at times: one is a handler that was
  /// registered with a loop that each of several threads has for itself, or with the
  /// loop of an object of a class that has nothing to do with the other root.
  bool areApart(std::uint32_t root, std::uint32_t other) const;

  /// Whether two roots may be one thread for all that is known: handlers that an event
  /// loop calls, or one and a thread that runs a loop, which is that of `main` where
  /// nobody is seen to.
  bool mayBeOneThread(std::uint32_t root, std::uint32_t other) const;

private:
  bool isHandler(std::uint32_t root) const;
  bool isThread(std::uint32_t root) const;
  void findLoops();
  void noteRunners(const link::Program::UnitLink &link, const ir::Call &call, link::FunctionId function);
  link::FieldId fieldOf(const link::Program::UnitLink &link, ir::Index object, link::FunctionId function) const;
  ir::Index loopOfCall(const link::Program::UnitLink &link, const ir::Call &call, model::EffectKind kind) const;
  link::RecordId ownerOf(const link::Program::UnitLink &link, ir::Index object, link::FunctionId function,
                         link::FieldId field) const;
  bool isStartedByObject(std::uint32_t root, link::FieldId field) const;
  bool areRelated(link::RecordId record, link::RecordId other) const;
  bool isOtherThread(std::uint32_t handler, std::uint32_t other) const;
  void noteMadeWith(const link::Program::UnitLink &link, const ir::Call &call, link::FunctionId function);
  link::FieldId loopBeside(link::FieldId field) const;
  void placeHandler(std::uint32_t root);

  const Solution &S;
  struct Loop {
    std::uint32_t runner = 0;  ///< a root; 0: several
    link::RecordId record = 0; ///< the class that declares it
  };
  llvm::SmallVector<Loop, 4> Loops;
  struct Handler {
    std::uint32_t runner = 0;  ///< the root that calls it; 0: not known
    link::RecordId record = 0; ///< the class whose object it was registered with
  };
  llvm::DenseMap<std::uint32_t, Handler> Handlers;       ///< by root
  llvm::DenseMap<link::FieldId, std::uint32_t> RunnerOf; ///< by field; 0: several
  llvm::DenseSet<link::FieldId> RunByMany;               ///< fields whose loops threads of one kind run
  llvm::DenseSet<std::uint32_t> OnSeveral;               ///< handlers, by root, on such loops
  /// Fields whose loops are run by a thread that the object starts for itself, with the
  /// roots of these threads.
  llvm::DenseMap<link::FieldId, llvm::SmallVector<std::uint32_t, 2>> RunByObject;
  struct ObjectsLoop {
    link::FieldId field = 0;
    link::RecordId owner = 0; ///< the class of the object, as far as it is known
  };
  llvm::DenseMap<link::FieldId, ObjectsLoop> MadeWith;  ///< timers and sockets, by field, that got such a loop
  llvm::DenseMap<std::uint32_t, ObjectsLoop> OnObjects; ///< handlers, by root, on such loops
  /// Roots that run loops of libraries that let one thread run a loop.
  llvm::DenseSet<std::uint32_t> Runners;
  /// Threads of one kind run a loop where the library lets several run one: it is taken
  /// to be one.
  bool LoopsAreShared = false;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_EVENTLOOPS_H
