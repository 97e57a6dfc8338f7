//===- Solution.h - What the solver found out -------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The solved program: facts that rules read. Nothing here is a verdict; each
/// table says what happens where, with which locks, on which threads. Built
/// once by `solve`; read-only afterwards.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_SOLUTION_H
#define GRIDLOCK_ENGINE_SOLVE_SOLUTION_H

#include "engine/finding/Finding.h"
#include "engine/link/Program.h"
#include "engine/solve/ConditionFacts.h"
#include "engine/solve/CriticalSections.h"
#include "engine/solve/Declared.h"
#include "engine/solve/LockName.h"
#include "engine/solve/LockSlots.h"
#include "engine/solve/PipeConflict.h"
#include "engine/solve/Process.h"
#include "engine/solve/Reach.h"
#include "engine/solve/Sharing.h"
#include "engine/solve/Signals.h"
#include "engine/solve/Subjects.h"
#include "engine/solve/Summary.h"
#include "engine/solve/ThreadElements.h"
#include "engine/solve/ThreadFacts.h"
#include "engine/solve/Winners.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallBitVector.h"
#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace gridlock::solve {

/// What the user may set for the solver.
struct Options {
  /// A bounded wait of at least this many milliseconds counts as long.
  std::int64_t blockingBoundMilliseconds = 100;
  /// Record reads and writes of shared state: what the race rules need, and what
  /// costs most after parsing.
  bool recordsAccesses = true;
  /// Set by another thread when nobody wants the result any more; may be null.
  const std::atomic<bool> *cancelled = nullptr;
  /// Keep what one lock guards at every access, too.
  bool keepsGuarded = false;
};

/// A lock is taken, or a thread awaited, while another lock is held.
struct LockPair {
  link::FunctionId function = 0; ///< in which the two meet
  Held held;
  TermId acquired = 0;
  model::LockMode mode = model::LockMode::Exclusive;
  LockTraits traits;
  StepId step = 0;                               ///< of the acquisition
  llvm::SmallVector<Held, 2> gates;              ///< all others that are held there
  llvm::SmallVector<std::uint32_t, 2> gateWords; ///< their keys, into `Solution::words`; filled with the phases
  std::uint32_t spawn = 0;                       ///< the thread it runs on, when known at once
  bool threadsAlive = false;                     ///< this function itself has started threads by now
  bool manyTargets = false;
  /// Something orders the two objects: a comparison, an index, ownership.
  bool ordered = false;
  bool byTry = false;
  bool lossy = false;
  /// Where the two met they were the function's inputs: its callers decide
  /// which objects they are.
  bool metAsInputs = false;
  OpenMode openMode = OpenMode::None; ///< under which the second is taken
  bool onOpenPointer = false;         ///< see Record
  /// Handles whose threads this path had waited for by then.
  llvm::SmallVector<TermId, 1> joined;
  LockName heldName, acquiredName;
};

/// The same lock is taken twice by one thread.
struct Reacquisition {
  link::FunctionId function = 0;
  Held held;
  StepId step = 0;
  model::LockMode mode = model::LockMode::Exclusive;
  TermId lock = 0;
  LockName name;
  std::uint32_t spawn = 0;
  bool manyTargets = false;
  OpenMode openMode = OpenMode::None; ///< under which it is taken again
};

/// A call that may block for long while locks are held.
struct BlockedWithLock {
  link::FunctionId function = 0;
  llvm::SmallVector<Held, 2> held;
  StepId step = 0;
  std::string what;
  TermId descriptor = 0;
  bool manyTargets = false;
  bool bounded = false;   ///< the wait has a time-out
  bool tearsDown = false; ///< the path has waited for the end of another thread before
  std::vector<LockName> names;
  LockName condition; ///< that is waited for, when `what` is `condition` or `post`
};

/// A path leaves a function with a lock held that other paths release.
struct Leak {
  link::FunctionId function = 0;
  Held held;
  ir::Index exitLocation = 0;
  StepId thrownAt = 0;
  bool byException = false;
  LockName name;
  /// What this path returns, and what the paths that released it return.
  TermId result = 0;
  llvm::SmallVector<TermId, 4> otherResults;
  bool othersAreNonZero = true; ///< each of those is known to be
  bool returnsTruth = false;    ///< the function's result is a truth value
  bool releasedLater = false;   ///< a way out that gave it back stands behind this one in the text
  bool oneWayOut = true;        ///< all of those leave at the same place as this one
  /// A callee that keeps it on some of its ways out, which is its own defect
  /// unless some caller gives back what it keeps; 0: none.
  link::FunctionId keptBy = 0;
};

/// A lock is released, or waited with, that is not held.
struct NotHeld {
  link::FunctionId function = 0;
  TermId lock = 0;
  StepId step = 0;
  bool isWait = false;
  bool onSomePath = false;
  LockName name;
  OpenMode openMode = OpenMode::None; ///< in which it is not held
};

/// A guard that dies at once or never locks.
struct DiscardedGuard {
  link::FunctionId function = 0;
  ir::Index location = 0;
  std::string type;
  std::string variable;
  enum Form { Temporary, HiddenDeclaration, DroppedResult } form = Temporary;
};

/// A coroutine may be suspended while locks are held.
struct SuspendedWithLock {
  link::FunctionId function = 0;
  ir::Index location = 0;
  Held held;
  LockName name;
};

/// A lock is destroyed or initialised again while held.
struct DestroyedLock {
  link::FunctionId function = 0;
  StepId step = 0;
  Held held; ///< when this thread holds it
  bool initializedAgain = false;
  LockName name;
  std::uint32_t spawn = 0; ///< when another thread may still take it
  StepId takenAt = 0;      ///< ... here
};

/// A callable of outsiders is called while locks are held.
struct ForeignCall {
  link::FunctionId function = 0;
  StepId step = 0;
  Held held;
  std::string callee;
  LockName name;
};

/// Stands among spawns that run for those that ran, and have ended.
constexpr std::uint32_t threadsEnded = ~0u;

/// What a path has found and changed at once before it started a thread, so that
/// nobody else starts one; see ClaimedThreads.h.
struct Claim {
  Fact fact; ///< that held before
  TermId place = 0;
  std::uint32_t lock = 0; ///< its class; 0: by an atomic operation
  friend bool operator==(const Claim &, const Claim &) = default;
};

/// Where a thread, task or handler starts.
struct Spawn {
  link::FunctionId function = 0; ///< that starts it
  StepId step = 0;
  link::FunctionId entry = 0; ///< that it runs; 0 when unknown
  TermId handle = 0;
  std::vector<TermId> movedTo; ///< where the handle was when a function ended
  /// Ways from globals to the handle, as any function names them.
  llvm::SmallVector<TermId, 2> ways;
  std::string what;  ///< thread | task | timer | event | handler
  bool many = false; ///< in a loop, or in a function that runs many times
  /// A second one was started while a first might still run.
  bool besideItself = false;
  llvm::SmallVector<std::uint32_t, 2> aliveAtStart; ///< spawns that might run by then
  llvm::SmallVector<Claim, 1> claims;               ///< of each start
  bool isRegion = false;                            ///< code of its function, between two events
  bool isTask = false;                              ///< of a region: it runs any time from here on
  bool byHandler = false;                           ///< a handler of an event loop calls what it was given
  bool isOrphan = false;                            ///< of a region: the caller's team runs it
  std::uint32_t within = 0;                         ///< of a region: the one around it
  bool mayDetach = false;                           ///< started detached, or it detaches itself
  std::uint8_t signal = 0;                          ///< of a handler; 0: not known
  bool signalIsBlocked = false;                     ///< ... surely, where it is installed, before any thread
  bool startsAtBarrier = false;                     ///< of a region: the whole team has come here
  bool endsAtBarrier = false;                       ///< ... and comes to its end
  /// Handles that the starter had waited for, on some way.
  llvm::SmallVector<TermId, 1> joinedBefore;
  /// Of barriers, as the starter names them: before the start, and in all that the thread does.
  Rounds roundsBefore, roundsInside;
  /// Everything that its thread acquires: for joins.
  std::vector<std::pair<TermId, StepId>> acquires;
  std::vector<LockTraits> traits;
};

/// A wait for a thread while locks are held.
struct JoinWithLock {
  link::FunctionId function = 0;
  llvm::SmallVector<Held, 2> held;
  StepId step = 0;
  TermId handle = 0;
  std::vector<std::uint32_t> spawns; ///< that the handle may stand for
  bool tearsDown = false;            ///< the path has waited for the end of another thread before
};

/// A call as the whole-program phases see it.
struct CallSite {
  link::FunctionId caller = 0;
  link::FunctionId callee = 0;
  ir::Index location = 0;
  llvm::SmallVector<TermId, 2> held; ///< on every path, in the caller's names
  bool threadsAlive = false;
  std::uint32_t region = 0;                  ///< that it stands in, as a spawn
  llvm::SmallVector<std::uint32_t, 1> alive; ///< spawns that may run by then; 0 for unknown ones; `threadsEnded`
  llvm::SmallVector<TermId, 1> joined;       ///< handles in globals that the caller had waited for
  llvm::SmallVector<HandOver, 1> signaled;   ///< on some path before
  llvm::SmallVector<HandOver, 1> awaited;    ///< on every path before
  std::uint8_t guess = 0;                    ///< see GuessBits; a call on the way to a fatal end is one
  bool inForkedChild = false;                ///< on every path: the threads of the parent are not there
  Ways ways;                                 ///< to the call
  Kinds when;                                ///< what the caller's inputs are on every path
  llvm::SmallVector<Fact, 1> unset = {};     ///< of globals: what was not done yet, on every path; see SetUp.h
  std::vector<PassedKind> passed = {};
  Rounds rounds = {}; ///< of barriers, since the caller was entered
};

/// Something that a signal handler must not do, and where.
struct UnsafeAct {
  link::FunctionId function = 0;
  ir::Index location = 0;
  std::string what;       ///< malloc | stdio | lock
  std::string callee;     ///< `malloc`, or the lock's name
  bool afterExec = false; ///< an exec was tried before on every path
  Ways ways;              ///< to it
};

/// Python's API is used, or a function left, without the GIL.
struct GilMisuse {
  enum Form { Call, ForeignThread, Return, Throw };
  link::FunctionId function = 0;
  StepId step = 0;
  Form form = Call;
  std::string callee;
};

/// On which threads a function may run, found from the roots downwards.
struct Context {
  std::uint32_t root = 0;                       ///< into `Solution::roots`
  bool parallel = false;                        ///< other threads may run by then
  llvm::SmallVector<std::uint32_t, 2> held;     ///< keys, by every caller on the way; sorted
  llvm::SmallVector<std::uint32_t, 2> alive;    ///< spawns that may run by then; 0 for unknown ones; sorted
  std::uint8_t guess = 0;                       ///< see GuessBits: what every way there leaves open
  llvm::SmallVector<HandOver, 1> signaled = {}; ///< that some caller on the way may have given before
  llvm::SmallVector<HandOver, 1> awaited = {};  ///< that callers on every way there have waited for
  Kinds kinds = {};                             ///< what inputs are on every way there
  Rounds rounds = {};                           ///< of barriers, since the thread began
  llvm::SmallVector<Fact, 1> unset = {};        ///< what was not done yet at some caller, on every way there
  friend bool operator==(const Context &, const Context &) = default;
};

/// A thread of execution.
struct Root {
  link::FunctionId function = 0;
  std::uint32_t spawn = 0;   ///< 0: `main`, or an entry point of a library
  bool many = false;         ///< several instances at a time
  bool isEntryPoint = false; ///< assumed: called from outside, by any thread
  bool isHandler = false;
  /// The programs in which it runs: those that the build says, else one for
  /// each `main`.
  llvm::SmallBitVector programs = {};
};

/// A decision is acted on after the lock under which it was taken was let go, or
/// an atomic is stored to after it was loaded.
struct StaleAct {
  link::FunctionId function = 0;
  TermId place = 0;
  TermId lock = 0;        ///< 0: an atomic
  ir::Index testedAt = 0; ///< where the decision was taken; 0: the value itself was computed from the old one
  StepId step = 0;        ///< of the write
  std::string variable;   ///< for messages; empty: no other thread is known to write it
  bool assumedCallers = false;
  bool againstItself = false; ///< only another thread that does the same makes the decision old
};

/// An object that a stored lambda captured as `this`, by a name that means the
/// same everywhere, or in the inputs of a function that outsiders call.
struct Capture {
  TermId object = 0; ///< its address
  bool repeated = false;
  link::FunctionId function = 0; ///< where the name became final
  ir::Index location = 0;
};

class Solution {
public:
  explicit Solution(const link::Program &program)
      : program(program), terms(program), surroundings(terms), Owning(program) {}

  const link::Program &program;
  Options options;
  mutable TermTable terms; ///< grows when a name is asked for
  /// What leads to an allocated object: the one field or global in which its address
  /// was stored, followed; 0: several.
  llvm::DenseMap<TermId, TermId> keptIn;
  std::vector<Step> steps{Step{}};
  std::vector<ProcedureSummary> summaries; ///< by FunctionId
  DeclaredLocks declared;                  ///< what the program says of its locks itself

  std::vector<LockPair> pairs;
  std::vector<Reacquisition> reacquisitions;
  std::vector<BlockedWithLock> blocked;
  std::vector<Leak> leaks;
  std::vector<NotHeld> notHeld;
  std::vector<DiscardedGuard> discarded;
  std::vector<SuspendedWithLock> suspended;
  std::vector<DestroyedLock> destroyed;
  std::vector<ForeignCall> foreign;
  std::vector<Spawn> spawns{Spawn{}};
  std::vector<JoinWithLock> joins;
  std::vector<MaskChange> maskChanges;
  std::vector<CallSite> callSites;
  std::vector<UnsafeAct> unsafe;
  SurroundingsTable surroundings; ///< of all accesses, those in summaries, too
  std::vector<Access> accesses;
  /// Fields that threads change while others may run.
  llvm::DenseSet<link::FieldId> changing;
  std::vector<StaleAct> staleActs;
  /// Objects that stored lambdas captured, by the closure's field.
  std::map<link::FieldId, std::vector<Capture>> captures;
  /// Fields and variables that threads share and that conflict.
  std::vector<SharedVariable> shared;
  /// Those that one lock, of the same object or global, guards at every access:
  /// without their runs. Only when the options ask for them.
  std::vector<SharedVariable> guarded;
  /// What an opaque result was read from: a container query, an atomic load.
  llvm::DenseMap<std::int64_t, TermId> loadedFrom;
  /// By objects that a function made: where it put their addresses for others.
  llvm::DenseMap<TermId, llvm::SmallVector<TermId, 1>> publishedIn;
  /// Variables that come to life in a parallel region: each thread has its own.
  llvm::DenseSet<TermId> ofRegions;
  /// Flags of initialisations that run once, and what is held then: what is given
  /// there is given for ever.
  llvm::DenseMap<TermId, TermId> onceFlags;
  /// By opaque results: the atomic operation that each is the outcome of; see Winners.h.
  llvm::DenseMap<TermId, Contest> contests;
  /// Constants at which loops start their counters; none: various.
  llvm::DenseMap<TermId, std::optional<std::int64_t>> loopStarts;
  LoopRanges loopRanges; ///< of loops that start threads, and others
  /// A value that chooses elements has another name in a caller.
  void renameChoice(TermId from, TermId to);
  /// Allocation sites that a loop repeats: an object for each round.
  llvm::DenseSet<std::int64_t> loopHeaps;
  llvm::DenseSet<TermId> atomicLoads; ///< places among them that are atomic
  /// Where a hand-over between threads is signalled, and what is left there.
  std::set<std::tuple<link::FunctionId, TermId, HandOver::Value>> signals;
  /// Those that are writes under a lock, with the class of the lock.
  std::set<std::tuple<link::FunctionId, TermId, std::uint32_t>> lockedSignals;
  ProcessFacts processes;
  std::vector<GilMisuse> gilMisuses;
  std::vector<Root> roots{Root{}};
  /// By unit: the programs that link it, in the numbering of `Root::programs`.
  std::vector<llvm::SmallBitVector> unitPrograms;
  std::vector<WaitFact> waits;
  std::vector<UntestedWait> untestedWaits;
  std::vector<Notification> notifications;
  /// Waits, with locks held, for what another thread gives: a semaphore's count, a latch,
  /// a value; and where it is given.
  std::vector<BlockedWithLock> awaiting;
  std::vector<Notification> posts;
  std::vector<LostThread> lostThreads;
  std::vector<UnjoinedHandle> unjoinedHandles;
  std::vector<EscapingReference> escaping;
  std::vector<LateMember> lateMembers;
  std::vector<ConstructorStart> constructorStarts;
  std::vector<std::vector<Context>> contexts;        ///< by FunctionId
  std::vector<std::vector<std::uint32_t>> callsFrom; ///< by FunctionId, into callSites
  /// Locks that some initialisation made recursive, by key.
  std::set<std::string> recursiveLocks;
  /// The same of objects that the initialising function does not know by name: it
  /// makes or gets them, and any object of the class may be one.
  llvm::DenseSet<link::FieldId> recursiveFields;
  bool mayBeRecursive(const LockName &name, TermId lock) const {
    return recursiveLocks.count(name.key) || recursiveLocks.count(name.classKey) ||
           recursiveFields.contains(terms.declaredField(lock));
  }
  /// Functions that return with a lock held which some caller releases.
  std::set<link::FunctionId> heldOnPurpose;
  /// Functions that a resolved call reaches.
  std::vector<bool> hasCallers;
  std::vector<std::string> words{std::string()};

  /// What a descriptor stands for.
  enum DescriptorKinds : std::uint32_t {
    SocketDescriptor = 1,
    PipeDescriptor = 2,
    FileDescriptor = 4,
    TerminalDescriptor = 8,
    OtherDescriptor = 16,
    Blocking = 32,
    NonBlocking = 64,
  };
  llvm::DenseMap<std::int64_t, std::uint32_t> descriptors;          ///< by opaque number
  llvm::DenseSet<TermId> onceOrders;                                ///< guards of initialisers that take locks
  llvm::DenseMap<std::uint64_t, std::uint32_t> descriptorsByHolder; ///< by field, global, variable
  /// Some descriptor of unknown origin is made non-blocking.
  bool setsNonBlocking = false;
  /// The kinds that a descriptor's value may have; 0 when nothing is known.
  std::uint32_t descriptorKinds(TermId descriptor) const;

  DescriptorLogs logs;
  /// By function with a history: the places of the calls in each of its loops.
  llvm::DenseMap<link::FunctionId, std::vector<llvm::DenseSet<ir::Index>>> loops;
  std::vector<PipeConflict> pipeConflicts;
  llvm::DenseMap<std::uint64_t, std::uint32_t> pipeConflictIndex; ///< by what makes them one
  /// The name of a value that a loop has made again since.
  TermId aged(TermId value);

  //===--- For rules -------------------------------------------------------===//

  /// A place in a source file, from a function's unit.
  SourceLocation location(link::FunctionId function, ir::Index location) const;
  SourceLocation location(StepId step) const { return location(steps[step].function, steps[step].location); }
  /// The innermost step of a chain: the event itself.
  StepId innermost(StepId step) const;
  /// Whether this wait is for the first child of a double fork, which ends at once.
  bool waitsForDoubleFork(StepId step) const;
  /// The step to show as the place of an event: as `innermost`, but for the
  /// insides of functions that do nothing but take or give back a lock.
  SourceLocation place(StepId step) const;
  /// A function whose whole point is to take or give back a lock.
  bool isLockWrapper(link::FunctionId function) const;

  /// The lock's name as seen in a function.
  const LockName &name(TermId lock, link::FunctionId function) const;

  /// Whether some process has both threads (roots). Two `main`s share none.
  bool mayShareProcess(std::uint32_t root, std::uint32_t other) const {
    return roots[root].programs.anyCommon(roots[other].programs);
  }
  /// Whether a place tells what is touched: an object known exactly, or a member of a
  /// known class. What other pointers lead to may be anything.
  bool isNamed(TermId place) const {
    return isExactRoot(terms[terms.root(place)]) || terms.declaredField(place) || declared.guardedPointer(terms, place);
  }
  /// Whether some program that has the thread links the function.
  bool mayRun(std::uint32_t root, link::FunctionId function) const;
  /// Whether two pairs may happen at the same time, on two threads. `why` gets
  /// the reason when not; `assumed` is set when that rests on an assumption.
  bool mayRunInParallel(const LockPair &a, const LockPair &b, std::string &why, bool &assumed) const;
  /// Whether the pair's path had waited for the end of the thread.
  bool isOver(const LockPair &pair, const Root &root) const;

  /// A chain of calls from one of the thread roots that run `function`.
  struct Way {
    std::uint32_t root = 0;
    std::vector<std::uint32_t> calls; ///< into callSites, outermost first
  };
  Way wayTo(link::FunctionId function, bool preferSpawned, std::uint32_t wanted = 0) const;

  std::string functionName(link::FunctionId function) const;
  std::uint32_t word(std::string_view text);
  /// The word of a lock's key. Its class is then known by `lockClasses`.
  std::uint32_t lockWord(const LockName &name);
  llvm::DenseMap<std::uint32_t, std::uint32_t> lockClasses;
  /// The class of a lock as seen in a function.
  std::uint32_t lockClass(TermId lock, link::FunctionId function) {
    return lockClasses[lockWord(name(lock, function))];
  }
  llvm::DenseMap<std::uint32_t, link::FunctionId> lockFrames; ///< by key: `LockName::frame`
  std::map<std::uint32_t, std::string> lockDisplays;          ///< by class
  /// Classes of the locks of initialisations that run once: they guard no data.
  llvm::DenseSet<std::uint32_t> onceLocks;
  /// Adds the class of a lock to them when it is one.
  void noteOnceLock(TermId lock, std::uint32_t classKey);

  /// By spawn: the spawns that its thread starts; filled with the phases.
  std::vector<llvm::SmallVector<std::uint32_t, 2>> startedBy;
  /// Rows of `callSites`, by callee; filled with the phases.
  std::vector<std::vector<std::uint32_t>> callsInto;
  /// By function: whether it is one of these, or leads to one by calls.
  std::vector<bool> withCallers(llvm::ArrayRef<link::FunctionId> functions) const;

  /// Whether a path starts at a value that a loop or a join made unknown.
  bool rootIsMerged(TermId place) const;
  /// See the function of this name in LockSlots.h.
  link::FieldId metThroughBackPointer(TermId held, TermId acquired) const {
    return solve::metThroughBackPointer(terms, Owning, held, acquired);
  }

  /// Whether every section of a lock does input or output on one descriptor:
  /// then the lock is there to serialise just that.
  bool sectionsAllUse(const std::string &classKey, TermId descriptor) const;
  CriticalSections sections;

  /// What conditions are about; empty only in tests that build a solution by
  /// hand. Its queries are for one thread: rules use its `name` alone.
  std::unique_ptr<Subjects> subjects;

  /// Whether a function is defined in a system header.
  bool inSystemHeader(link::FunctionId function) const;

private:
  TermId asKept(TermId lock) const;
  LockName computeName(TermId lock, link::FunctionId function) const;
  mutable llvm::DenseMap<std::pair<TermId, link::FunctionId>, std::unique_ptr<LockName>> Names;
  mutable llvm::StringMap<bool> AttributeTypes; ///< names of types: whether locks are made with them
  /// Functions by the class that they belong to; filled when a name is asked for.
  mutable llvm::DenseMap<link::RecordId, std::vector<link::FunctionId>> Methods;
  friend class LockLikeness;
  OwningFields Owning;
  llvm::StringMap<std::uint32_t> WordIds;
  llvm::DenseSet<TermId> Aged;
};

/// Solves a linked program. `program` must outlive the result. Cost: linear in
/// the code but for bounded path splitting.
/// \returns null when it was cancelled, which is looked at between functions.
std::unique_ptr<Solution> solve(const link::Program &program, const Options &options = {});

/// What is known at a line: locks held, threads, and why rules are silent there.
std::vector<std::string> explainAt(const Solution &solution, std::string_view file, unsigned line);

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_SOLUTION_H
