//===- Executor.h - Symbolic execution of one function ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Runs one function's events over abstract states, path by path, and leaves a
/// `ProcedureSummary` and final facts in the solution. Private to the room.
///
/// Split by concern: Executor.cpp (blocks, paths, exits), Evaluate.cpp
/// (expressions, store), Invoke.cpp (calls and summaries), ApplyModel.cpp
/// (library calls), Record.cpp (what is recorded, locks), ApplyDescriptor.cpp and
/// History.cpp (what a path does to descriptors and children).
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_EXECUTOR_H
#define GRIDLOCK_ENGINE_SOLVE_EXECUTOR_H

#include "engine/solve/AccessCalls.h"
#include "engine/solve/CallFrame.h"
#include "engine/solve/Engine.h"
#include "engine/solve/Paths.h"
#include "engine/solve/Repeat.h"
#include <map>
#include <queue>

namespace gridlock::solve {

/// How a term names the object that a class is returned in.
constexpr unsigned returnPosition = 4095;

using States = llvm::SmallVector<State, 2>;

/// The field, global or variable that a descriptor is kept in; 0: none.
std::uint64_t holderKey(const TermTable &terms, TermId place);

/// The declared object that a model's ghost belongs to: `this.$value` is in `this`.
TermId withoutGhosts(const link::Program &program, const TermTable &terms, TermId place);

/// A model's comparison of two values, as a value.
TermId conditionTerm(TermTable &terms, model::Comparison comparison, TermId left, TermId right);

class FunctionExecutor {
public:
  FunctionExecutor(Engine &engine, link::FunctionId function);
  /// Executes the function and stores its summary.
  void run();

private:
  //===--- Blocks and paths (Executor.cpp) ---------------------------------===//
  void prepareBlocks();
  unsigned loopsLeft(unsigned from, unsigned to) const;
  std::vector<std::pair<unsigned, unsigned>> numberBlocks();
  void findLoop(unsigned head, unsigned tail);
  void findLockBranches();
  void noteLockVariables(ir::Index condition, unsigned depth = 0);
  unsigned likeness(const State &one, const State &other) const;
  State entryState();
  void push(unsigned block, State state, bool backEdge);
  void processBlock(unsigned block);
  bool startsRound(unsigned block, State &state);
  bool openCounters(unsigned block, State &state);
  /// What stands in a place that each round of the loop changes.
  TermId valueOfRound(unsigned block, TermId place) {
    return terms().opaque(OriginKind::Loop, site(7, block) * 0x10000 + place);
  }
  unsigned lastOfLoop(unsigned head) const;
  void putOff(unsigned block, State state);
  void runPutOff(unsigned block);
  static bool isFollowed(const PendingBlock &pending, const State &state);
  bool takesTurn(const State &state);
  bool isOnFatalWay() const {
    return !Blocks.empty() && Shared.fatal.isFatal(UnitNumber, ir::Index(Blocks[CurrentBlock] - Unit.blocks.data()));
  }
  void runEvents(unsigned block, State state);
  void finishBlock(unsigned block, State state);
  bool standsInMany(const State &state, const Alive &thread) const;
  bool leavesLoop(unsigned block) const;
  void enterLoop(unsigned block, State &state, bool backEdge);
  bool changesIn(const Loop &loop, TermId place) const;
  void summarize();
  bool hasSummary(link::FunctionId callee);
  Outcome makeOutcome(const State &state);
  void addWrites(Outcome &outcome, const State &state);
  void addKnown(Outcome &outcome, const State &state);
  void noteNullProtocol();
  void reportUnbalanced();
  bool isBehind(const Exit &exit, const Exit &other) const;
  bool leaks(const Exit &exit, const Held &held, Leak *fact = nullptr);
  bool isDoubtful(const Exit &exit, const Held &held);
  // HandedOut.cpp
  bool handsOut(const Exit &exit, TermId lock);
  // LoopLocks.cpp
  std::uint64_t elementClass(TermId lock) const;
  void releaseElementOfCaller(State &state, TermId lock, StepId at);
  llvm::SmallVector<std::uint64_t, 2> elementsHeld(const State &state) const;
  void noteRoundLocks(Loop &loop, const State &state);
  void noteElementRelease(TermId lock, StepId at, bool ofCaller);
  bool settleSkippedLoop(State &state, llvm::ArrayRef<State> others);
  TermId resultOf(const Exit &exit);
  void reportUnheld();
  void noteNotHeld(TermId lock, StepId at, bool isWait, bool onSomePath, OpenMode openMode);
  void noteDiscarded(ir::Index variable, ir::Index location);
  void noteForeign(llvm::ArrayRef<Held> locks, StepId at);
  void noteDeadLock(const State &state, TermId lock, bool wholeObject, ir::Index location);
  void noteSuspension(const State &state, ir::Index location);
  unsigned blockNumber(ir::Index row) const { return BlockNumbers.lookup(row); }

  //===--- Expressions (Evaluate.cpp) --------------------------------------===//
  TermId value(State &state, ir::Index expr);
  TermId place(State &state, ir::Index expr);
  TermId siblingOf(TermId at);
  TermId load(State &state, TermId place);
  TermId captureOfUnknown(TermId at);
  TermId loadAlike(const State &state, TermId place) const;
  void assign(State &state, ir::Index place, ir::Index value, std::uint8_t flags);
  void copyObject(State &state, TermId to, TermId from);
  void moveObject(State &state, TermId to, TermId from);
  TermId wholeObject(State &state, TermId place);
  link::RecordId recordOf(TermId place) const;
  const ir::Type *typeOf(TermId place, link::UnitId &unit) const;
  const ir::Type *typeOfArgument(unsigned position) const;

  //===--- Calls (Invoke.cpp) ----------------------------------------------===//
  void forgetLastRound(State &state, ir::Index call);
  void rememberRound(const States &after, ir::Index call);
  void executeCall(State state, const ir::Event &event, States &after);
  States invoke(State state, link::FunctionId callee, CallFrame &frame);
  States invokeAny(State state, llvm::ArrayRef<link::FunctionId> callees, CallFrame &frame);
  void noteCallBack(State &state, link::FunctionId target, CallFrame &frame); // SelfRegistrations.cpp
  States applySummary(State state, link::FunctionId callee, CallFrame &frame);
  States applyUnknown(State state, link::FunctionId callee, CallFrame &frame);
  void forgetOutParameters(State &state, link::FunctionId callee, const CallFrame &frame); // OutParameters.cpp
  void unwindFrom(State state, CallFrame &frame, StepId thrownAt);
  /// Calls a callable value or object now.
  States callValue(State state, TermId callable, CallFrame &frame, unsigned depth = 0);
  llvm::SmallVector<link::FunctionId, 4> resolveCallable(State &state, TermId callable, TermId &closure,
                                                         unsigned depth = 0);
  enum class Detached { No, Maybe, Yes };
  void start(State &state, TermId callable, llvm::ArrayRef<TermId> arguments, TermId handle, std::string_view what,
             CallFrame &frame, StepId step, Detached detached);
  void startRecorded(State &state, Record record, CallFrame &frame);
  void startGiven(State &state, Record record, CallFrame &frame);
  void handOut(State &state, llvm::ArrayRef<TermId> arguments);
  void enterRegion(State &state, const ir::Event &event);
  void orderRegion(const ir::Event &event);
  void leaveRegion(State &state, const ir::Event &event);
  void shareObjects(State &state);
  void readAtomic(State &state, TermId place);
  bool isOfTeam(const State &state, TermId place);
  void noteLoopStart(const State &state, TermId round, TermId first);
  void noteLoopStep(TermId round, TermId next); // ThreadElements.cpp
  void noteLoopEnds(const State &state);
  void noteLimits(const State &state, TermId place); // IndexRounds.cpp
  AccessFlagSet selectionOf(const State &state, TermId place) const;
  bool isEverySlot(const State &state, TermId place) const;
  void noteTaken(TermId place, TermId value);
  bool isTaken(TermId place) const;
  llvm::DenseSet<TermId> Taken; ///< values of counters that were counted on since
  void forEachRunning(const State &state, llvm::function_ref<void(std::uint32_t spawn)> visit) const;
  TermId passedTo(State &state, link::FunctionId callee, unsigned position, TermId argument);
  void keepBound(State &state, TermId callee, llvm::ArrayRef<TermId> arguments);
  llvm::SmallVector<TermId, 6> withBound(State &state, TermId callable, llvm::ArrayRef<TermId> given);
  void noteBesideItself(const State &state, std::uint32_t spawn);
  void noteClaims(const State &state, Spawn &spawn, bool isNew);
  bool joins(State &state, TermId place, TermId value, const Alive &thread);
  void join(State &state, TermId handleValue, TermId handlePlace, bool isShort, CallFrame &frame);
  /// Whether a thread may run here: on ways where nobody joined it, most likely nobody started it.
  bool runsHere(const Alive &thread) const;
  void addAlive(State &state, Alive thread);
  void noteJoined(State &state, TermId handle, llvm::ArrayRef<std::uint32_t> spawns);
  void nameSignals(State &state, link::FunctionId entry, CallFrame &frame);
  bool insideLoop(const CallFrame &frame) const;
  void noteUnsetAt(const State &state, llvm::SmallVectorImpl<Fact> &unset, bool isNew) const;
  void noteCallSite(State &state, link::FunctionId callee, const CallFrame &frame);
  void setResult(State &state, CallFrame &frame, TermId result);
  TermId currentResult(State &state, CallFrame &frame);

  /// Maps a callee's terms to this function's at one call, by the state at the
  /// call. Every part of a path is looked up once for all that is applied there.
  struct Substitution {
    Substitution(FunctionExecutor &executor, State &state, const CallFrame &frame, bool rename)
        : executor(executor), state(state), frame(frame), rename(rename) {}
    TermId operator()(TermId term);
    void fixHandedOut(const ProcedureSummary &summary);
    FunctionExecutor &executor;
    State &state;
    const CallFrame &frame;
    bool rename; ///< what the callee made or got is another object for each call
    CallTrace *trace = nullptr;
    std::uint32_t guess = 0; ///< the choice of this callee among several; 0: none
    llvm::SmallVector<std::uint32_t, 2> wrongGuesses;

  private:
    TermId leaf(const Term &term, TermId id);
    llvm::SmallDenseMap<TermId, TermId, 32> Memo;
    llvm::SmallDenseSet<TermId, 4> HandedOut; ///< see HandedOut.cpp
  };
  bool isRestart(State &state, const Outcome &outcome, const Alive &thread, Substitution &substitute);
  bool feasible(State &state, Substitution &substitute, llvm::ArrayRef<Fact> conditions,
                llvm::SmallVectorImpl<Fact> *left);
  bool assumeFact(State &state, const Fact &fact, TermId subject);
  bool applyOutcome(State &state, const Outcome &outcome, CallFrame &frame, Substitution &substitute, TermId &result);
  void rememberHandedOut(const CallFrame &frame, TermId object); // HandedOut.cpp
  // Repeat.cpp
  std::uint64_t callContext(const State &state, const ProcedureSummary &summary, const CallFrame &frame,
                            std::uint32_t spawn) const;
  bool isRepeat(State &state, std::uint64_t context);
  void instantiateRecords(State &state, const ProcedureSummary &summary, CallFrame &frame, std::uint32_t spawn);
  // Guesses.cpp
  std::uint32_t guessOf(const ProcedureSummary &summary, const CallFrame &frame) const;
  void findWrongGuesses(State &state, const ProcedureSummary &summary, Substitution &substitute);
  void instantiateRecord(State &state, const Record &record, Substitution &substitute, CallFrame &frame,
                         std::uint32_t spawn);

  //===--- Models (ApplyModel.cpp) -----------------------------------------===//
  enum class Applies { No, Yes, WhenUnknown, UnlessUnknown };
  struct Cursor {
    TermId term = 0;
    bool isPlace = false;
  };
  States applyModel(State state, link::FunctionId callee, const model::FunctionModel &model, CallFrame &frame);
  States spinOperation(State state, const model::Effect &effect, CallFrame &frame);
  void clearSpinLock(State &state, TermId place, ir::Index location);
  void storeToFlag(State &state, const ir::Event &event);
  void takeFlag(State &state, TermId flag, model::LockMode mode, Entity awaited, ir::Index location);
  void giveVariableBack(State &state, TermId variable, ir::Index location);
  void forgetFlag(State &state, const ir::Event &event);
  TermId lockOfWait(State &state, ir::Index call);
  TermId waitedLock(State &state, const model::Effect &effect, CallFrame &frame);
  States applyEffect(State state, const model::Effect &effect, Applies how, link::FunctionId callee, CallFrame &frame);
  Cursor operand(State &state, const model::Operand &operand, CallFrame &frame);
  TermId operandValue(State &state, const model::Operand &operand, CallFrame &frame);
  TermId operandPlace(State &state, const model::Operand &operand, CallFrame &frame);
  llvm::SmallVector<TermId, 4> operandList(State &state, llvm::ArrayRef<model::Operand> list, bool places,
                                           CallFrame &frame, llvm::SmallVectorImpl<model::Operand> *written);
  std::optional<bool> condition(State &state, const model::Condition &condition, CallFrame &frame);
  Applies applies(State &state, const model::Effect &effect, CallFrame &frame);
  bool assumeSuccess(State &state, const model::Condition &success, bool truth, CallFrame &frame);
  LockTraits lockTraits(const model::Operand &operand, CallFrame &frame, TermId lock, link::RecordId &userLock);
  States lockOperation(State state, const model::Effect &effect, const model::Operand &operand, TermId lock,
                       model::EffectKind kind, CallFrame &frame, std::uint8_t group);
  States acquireAll(State state, const model::Effect &effect, CallFrame &frame);
  States tryAcquire(State state, const model::Effect &effect, CallFrame &frame);
  void applyBlock(State &state, const model::Effect &effect, CallFrame &frame);
  bool boundIsShort(State &state, const model::Effect &effect, CallFrame &frame, bool underGil = false);
  // Conditions.cpp
  States applyWait(State state, const model::Effect &effect, CallFrame &frame);
  void applyNotify(State &state, const model::Effect &effect, CallFrame &frame);
  void instantiateNotify(State &state, Record record);
  void countReaders(State &state, const ir::Event &event);
  bool joinsLater(const State &state) const;
  TermId namedMethod(State &state, const model::Operand &op, CallFrame &frame, TermId &object);
  void awaitPost(const State &state, TermId place, ir::Index location);
  void givePost(const State &state, TermId place, bool isMeeting, ir::Index location);
  void noteWait(State &state, const model::Effect &effect, TermId condition, TermId lock, StepId at, CallFrame &frame);
  void noteNotification(const Record &record, llvm::ArrayRef<Change> changes);
  void noteChange(State &state, TermId place, ir::Index location);
  void noteTaken(State &state, TermId lock);
  TermId outward(TermId term);
  void applyChanges(State &state, const Outcome &outcome, Substitution &substitute, ir::Index location);
  // Signals.cpp
  void changeSignalSet(State &state, const model::Effect &effect, CallFrame &frame);
  bool isOverlaid(const State &state, TermId value) const;
  void changeSignalMask(State &state, const model::Effect &effect, CallFrame &frame);
  void noteHandler(Spawn &handler, bool isNew, const State &state, TermId mask, llvm::ArrayRef<TermId> arguments) const;
  // ThreadLife.cpp
  void noteMeeting(State &state);
  void addBorrowed(TermId value, llvm::SmallVectorImpl<TermId> &borrowed) const;
  void addContents(const State &state, TermId place, llvm::SmallVectorImpl<TermId> &borrowed, unsigned depth) const;
  llvm::SmallVector<TermId, 2> borrowedBy(State &state, TermId callable, llvm::ArrayRef<TermId> arguments,
                                          const CallFrame &frame);
  void moveThreads(State &state, TermId to, TermId from);
  void noteLoopLeft(State &state);
  TermId allJoined();
  bool detachesItself(link::FunctionId entry) const;
  void noteAlive(State &state, Alive thread, TermId handle, CallFrame &frame);
  void applyThreads(State &state, const Outcome &outcome, Substitution &substitute, ir::Index location);
  void noteHandedOver(State &state, link::FunctionId callee, const CallFrame &frame);
  void noteLost(const State &state, const Alive &thread, LostThread::Form form, StepId at);
  void noteDrop(State &state, TermId object, bool overwritten, StepId at);
  void noteObjectCall(State &state, link::FunctionId callee, const CallFrame &frame);
  void noteLostHandles();
  bool callsAnyJoin() const;
  void noteEscape(const State &state, ir::Index variable, ir::Index location);
  void noteEscapedParameters();
  bool hasThis(const Alive &thread) const;
  link::FieldId ownMember(TermId place) const;
  void noteMemberWrite(const State &state, TermId place, StepId inner = 0);
  void noteConstructorStarts();
  // ApplyObjects.cpp
  TermId callableValue(State &state, const model::Operand &operand, CallFrame &frame);
  States destroy(State state, const model::Effect &effect, link::FunctionId callee, CallFrame &frame);
  link::RecordId elementRecord(const model::Effect &effect, link::FunctionId callee, CallFrame &frame);
  States construct(State state, const model::Effect &effect, link::FunctionId callee, CallFrame &frame);
  void lockLife(State &state, const model::Effect &effect, CallFrame &frame);
  void detach(State &state, const model::Effect &effect, CallFrame &frame);
  void noteUnsafe(const State &state, std::string_view what, link::FunctionId callee, CallFrame &frame);
  void storeValue(State &state, TermId place, TermId value);

  //===--- Descriptors and children (ApplyDescriptor.cpp) ------------------===//
  void applyDescriptor(State &state, const model::Effect &effect, CallFrame &frame);
  States descriptorEffect(State state, const model::Effect &effect, Applies how, CallFrame &frame);
  States applyFork(State state, const model::Effect &effect, CallFrame &frame);
  void noteFork(State &state, const model::Effect &effect, CallFrame &frame, link::FunctionId callee);
  States applySpawn(State state, const model::Effect &effect, CallFrame &frame);
  void applyWaitChild(State &state, const model::Effect &effect, Applies how, CallFrame &frame);
  void applyTransfer(State &state, const model::Effect &effect, CallFrame &frame);
  void applyPoll(State &state, const model::Effect &effect, CallFrame &frame);
  void applyAction(State &state, const model::Effect &effect, CallFrame &frame);
  void noteFlags(State &state, TermId descriptor, TermId flags, bool ofDescriptor, CallFrame &frame);
  llvm::SmallVector<TermId, 2> streamPlaces(State &state, const model::Operand &operand, CallFrame &frame);
  TermId makeEnd(CallFrame &frame, unsigned which, std::uint32_t kinds);

  //===--- Histories (History.cpp) -----------------------------------------===//
  DescriptorEvent makeEvent(DescriptorAct act, TermId a, ir::Index location, std::uint16_t flags = 0);
  void note(State &state, DescriptorEvent event);
  void noteExact(State &state, DescriptorEvent event);
  bool isTracked(TermId value) const;
  void candidates(State &state, TermId value, llvm::SmallVectorImpl<TermId> &result, bool &isUnknown, unsigned depth);
  void renew(State &state, TermId value);
  TermId endStoredAt(State &state, TermId place) const;
  void noteLostEnds(State &state, ir::Index location);
  void noteUnknownCall(State &state, llvm::ArrayRef<TermId> arguments, ir::Index location, bool isForeign);
  void replay(State &state, LogId log, Substitution &substitute, ir::Index location, TermId thread);
  void renewMade(State &state, LogId log, CallFrame &frame);
  void replayEndings(State &state, link::FunctionId callee, CallFrame &frame);
  void replayThread(State &state, link::FunctionId entry, CallFrame &frame, TermId thread);
  void replayEscapes(State &state, const ProcedureSummary &summary, CallFrame &frame);
  void addEnding(const State &state, bool byExec);
  void mergeInto(State &into, const State &other, std::int64_t join);
  bool skipsLoop(const State &state, const Loop &loop) const;
  bool touchesDescriptors(const ir::Call &call) const;
  void finishLogs();
  void pruneLogs();
  void noteLoops();

  //===--- Accesses (Accesses.cpp) -----------------------------------------===//
  void noteAccess(State &state, ir::Index placeExpr, AccessKind kind, AccessFlagSet flags, ir::Index location,
                  ir::Index valueExpr = 0);
  /// Adds what an access to an object as a whole does to its members.
  void addParts(const AccessRecord &whole, ir::Index location);
  void noteAccessTo(State &state, TermId place, AccessKind kind, AccessFlagSet flags, ir::Index location,
                    HandOver::Value leaves = HandOver::Any);
  bool isNoObject(TermId place, std::uint32_t spawn) const;
  void keepReturnedReads();
  void noteDecision(TermId condition, bool leavesLoop);
  AccessRecord &accessRow(bool isFinal, std::uint32_t row);
  void markOptional(std::uint64_t placeKey);
  AccessFlagSet passOnChosen(const AccessRecord &record, Substitution &substitute);
  bool isOfNoUse(const AccessRecord &record, std::uint32_t spawn, ir::Index location) const;
  void addAccess(AccessRecord record, ir::Index location, StepId inner);
  void instantiateAccesses(State &state, const ProcedureSummary &summary, link::FunctionId callee, CallFrame &frame,
                           std::uint32_t spawn);
  void noteJoinedBefore(const State &state, llvm::SmallVectorImpl<TermId> &joined) const;
  llvm::SmallVector<std::uint32_t, 2> passOnJoined(State &, llvm::SmallVectorImpl<TermId> &joined, Substitution &names);
  /// One call whose callee's accesses are handed on.
  struct AccessCall {
    State &state;
    Substitution &substitute;
    CallFrame &frame;
    const KeptSurroundings *around = nullptr; ///< the call, as a write
    std::uint32_t spawn = 0;
    bool inLoop = false, isBlind = false; ///< the callee decides nothing on what others may change
    /// By surroundings, whether a thread below does it, and whether it is a write: into `passed`.
    PassedRows passedRows;
    std::deque<PassedSurroundings> passed;
  };
  const KeptSurroundings *surroundingsOf(const State &state, bool ofWrite);
  std::uint64_t accessContext(State &state, const ProcedureSummary &summary, link::FunctionId callee,
                              const CallFrame &frame, std::uint32_t spawn, Substitution &substitute);
  PassedSurroundings &passOnChoices(AccessCall &call, const AccessRecord &record);
  void passOnSurroundings(AccessCall &call, const AccessRecord &record, PassedSurroundings &passed);
  void instantiateAccess(AccessCall &call, AccessRecord record, bool testsFirst, bool isWritten);
  // Kinds.cpp
  KindTest testKind(TermId value) const;
  link::FieldId fieldOfKind(TermId value) const;
  TermId asInput(TermId value) const;
  void addKind(llvm::SmallVectorImpl<Kind> &kinds, const State &state, TermId value);
  void noteKinds(const State &state, llvm::SmallVectorImpl<Kind> &kinds);
  void askFor(llvm::ArrayRef<Kind> kinds);
  void noteKindsOfCall(State &state, link::FunctionId callee, const CallFrame &frame, CallSite &call, bool isNew);
  bool passOnKinds(const State &state, llvm::SmallVectorImpl<Kind> &kinds, Substitution &substitute);
  std::uint64_t hashAskedKinds(State &state, const ProcedureSummary &summary, Substitution &substitute);
  // Rounds.cpp
  void noteRound(State &state, TermId barrier, bool arrives);
  Rounds namedHere(llvm::ArrayRef<Round> rounds, Substitution &substitute);
  void applyRounds(State &state, llvm::ArrayRef<Round> rounds, Substitution &substitute);
  void noteRoundsOfThread(State &starter, Spawn &spawn, bool isNew, CallFrame &frame);
  // Captures.cpp
  void noteCapture(State &state, TermId field, TermId value, ir::Index location);
  void addCapture(CaptureRecord record, ir::Index location);
  void instantiateCaptures(State &state, const ProcedureSummary &summary, CallFrame &frame);
  bool isOfRound(TermId value) const;
  bool isAfterCapture(const State &state, TermId place) const;
  void publish(State &state, TermId place, TermId value); // Published.cpp
  bool isPublished(const State &state, TermId place) const;
  bool livesInLoop(ir::Index variable) const;
  Contest outcomeOf(State &state, const model::Effect &effect, CallFrame &frame);
  void noteTextsRead(State &state, const model::Operand &places, CallFrame &frame);
  void noteEffectAccess(State &state, const model::Effect &effect, CallFrame &frame);
  bool isByValue(unsigned position) const;
  bool isPrivate(const State &state, TermId place) const;
  // Sections.cpp
  void noteQuery(const CallFrame &frame, TermId place);
  void noteCalleeQuery(const CallFrame &frame, const AccessRecord &record, TermId onlyLock);
  void noteAssigned(State &state, ir::Index variable, ir::Index value);
  void noteTests(State &state, ir::Index expr, TermId condition, bool leavesLoop, ir::Index location);
  void addTest(State &state, Query query, ir::Index location);
  bool decidesSettled(const ProcedureSummary &summary) const;
  void checkSettled(State &state, const ProcedureSummary &summary, const CallFrame &frame);
  void collectQueries(State &state, ir::Index expr, llvm::SmallVectorImpl<Query> &found, unsigned depth);
  static bool isClaimed(State &state, const SectionTest &test, const AccessRecord &record);
  bool givesBack(State &state, ir::Index query, const CallFrame &act);
  bool sharesKey(State &state, ir::Index query, const AccessRecord &record, const CallFrame &act);
  void checkAct(State &state, const AccessRecord &record, ir::Index location, StepId inner, bool testedAgain,
                const CallFrame *frame, bool isBlind = false);
  void noteStore(State &state, TermId place, TermId value, ir::Index location);
  void addStaleAct(TermId place, TermId lock, ir::Index testedAt, ir::Index location, StepId inner,
                   bool againstItself = false);
  bool isOnOneSideOf(unsigned branch) const;
  void noteRead(State &state, ir::Index variable, ir::Index valueExpr);
  void checkComputed(State &state, TermId place, ir::Index valueExpr, ir::Index location);
  std::optional<std::pair<TermId, StepId>> readBy(TermId place, ir::Index expr, unsigned depth) const;
  // Observed.cpp
  void noteSignal(State &state, HandOver signal);
  void noteAwaited(State &state, HandOver wait);
  bool isOtherPointer(const State &state, TermId condition);
  void noteObserved(State &state, TermId condition, bool leavesLoop);
  void forEachCause(TermId condition, llvm::function_ref<void(TermId leaf, TermId place)> visit);
  bool isWatched(TermId place) const;

  //===--- Children (ApplyProcess.cpp, Children.cpp) -----------------------===//
  void applyExec(State &state);
  void spawnChild(State &state, const model::Effect &effect, link::FunctionId callee, CallFrame &frame);
  void waitChild(State &state, const model::Effect &effect, link::FunctionId callee, CallFrame &frame);
  void killChild(State &state, const model::Effect &effect, CallFrame &frame);
  void reapsChild(State &state, const model::Effect &effect, CallFrame &frame);
  void setAlarm(State &state, const model::Effect &effect, CallFrame &frame);
  std::optional<TermId> boundlessWhen(State &state, const model::Effect &effect, CallFrame &frame);
  TermId childOperand(State &state, const model::Operand &operand, CallFrame &frame);
  TermId childFact(TermId child, std::string_view ghost);
  TermId processFact(std::string_view name);
  void noteChild(State &state, TermId child, std::uint32_t callee, CallFrame &frame);
  std::uint32_t forkRow(const State &state, ir::Index location, StepId inner);
  void noteFate(State &state, TermId child, ChildFateKind fate, StepId at);
  void passOnProcess(State &state, Record record, bool ownThread);
  void passOnFate(State &state, Record record);
  void passOnWait(State &state, Record record);
  void noteWait(const Record &record);
  void inheritFates(State &state, const ProcedureSummary &summary, CallFrame &thread);
  TermId inheritProcess(State &state, TermId place, TermId value, const CallFrame &frame);
  void escape(State &state, llvm::ArrayRef<TermId> values);
  bool isPending(TermId place);
  void collectAll(State &state);
  bool mayCollect(link::FunctionId callee) const;
  void noteHandles(const State &state);
  void noteWaysToHandles(const State &state);
  void settleChildren(Exit &exit);
  void settleChild(State &state, TermId place, TermId result, ir::Index location);
  void loseLastRound(State &state, std::uint32_t row, ir::Index location);
  TermId plainChild(const State &state, TermId child);
  bool neverStarted(State &state, TermId child);
  bool keepsElsewhere(State &state, TermId child, llvm::SmallVectorImpl<std::uint64_t> &holders);
  std::uint32_t forkedFrom(const State &state);
  bool hasExeced(const State &state);
  void noteForkAct(const State &state, ir::Index location, std::string_view what, std::string_view callee);
  void noteForkCall(const State &state, link::FunctionId callee, ir::Index location);

  //===--- Initialisations that others wait for (Once.cpp) -----------------===//
  void enterOnce(State &state, TermId flag, StepId at);
  void leaveOnce(State &state, TermId flag);
  void addOnces(State &state, Record &record);

  //===--- Python's GIL (Gil.cpp) ------------------------------------------===//
  bool isGil(TermId lock);
  bool holdsGilAtEntry() const;
  void takeEntryLocks(State &state);
  void noteGilMisuse(GilMisuse::Form form, StepId at, std::string_view callee);
  void applyPython(State &state, const model::Effect &effect, link::FunctionId callee, CallFrame &frame);
  void passOnGilNeed(State &state, Record record, bool ownThread);
  void reportGilExits();

  //===--- Locks and records (Record.cpp) ----------------------------------===//
  StepId step(ir::Index location, StepId inner = 0);
  bool acquire(State &state, TermId lock, model::LockMode mode, bool byTry, LockTraits traits, StepId at,
               std::uint8_t group);
  static void countAgain(Held &held, model::LockMode mode, const LockTraits &traits);
  bool assumeNotNull(State &state, TermId lock);
  void noteSection(const State &state, TermId lock, bool byTry, StepId at);
  void noteCalleeSection(TermId inCallee, TermId lock, StepId acquiredAt, ir::Index call, bool goesOn);
  void release(State &state, TermId lock, StepId at, bool isWait = false);
  void releaseForCallee(State &state, TermId lock, StepId at);
  Held *findHeld(State &state, TermId lock);
  void takeRequiredLocks(State &state);
  void addRecord(Record record);
  void finalizeRecord(const Record &record, const State *state);
  void finalizePairs(const Record &record, const State *state);
  void addPair(const Record &record, const Held &held, const State *state);
  bool isOrdered(const State *state, const Held &held, TermId acquired, bool constantsCount) const;
  void noteReacquisition(const Held &held, TermId lock, model::LockMode mode, StepId at, bool manyTargets,
                         std::uint32_t spawn, OpenMode openMode);
  // ModeTests.cpp
  OpenMode modeTest(TermId condition) const;
  bool isDecided(const State &state, const Fact &condition, TermId subject);
  OpenMode openMode(State &state, Substitution &substitute, llvm::ArrayRef<Fact> conditions, bool forGood);
  OpenMode openMode(llvm::ArrayRef<Fact> conditions) const;
  bool hasOpenPointer(State &state, Substitution &substitute, const Record &inner, bool forGood);
  OpenMode releaseMode(OpenMode open, StepId at) const;
  llvm::SmallVector<TermId, 1> skippedLocks(State &state, Substitution &substitute, const ProcedureSummary &summary,
                                            const Outcome &taken);
  void noteBlocking(Record record, bool firstWithLocks);
  static bool blocksItselfFor(const Held &held, const Record &record);
  llvm::SmallVector<Fact, 2> inputFacts(const State &state) const;
  /// A record of something that happens in this state.
  Record makeRecord(RecordKind kind, const State &state, StepId at) const;
  bool onInputs(TermId term) const { return terms()[term].inputsOnly; }
  std::int64_t site(unsigned tag, ir::Index row) const {
    return (std::int64_t(Function) << 40) | (std::int64_t(tag) << 32) | row;
  }
  bool firstTime(std::initializer_list<std::uint64_t> key);
  /// The fact with this key that another path has found, to be weakened; null: the caller adds it.
  template <class Fact> Fact *knownFact(std::vector<Fact> &facts, std::initializer_list<std::uint64_t> key) {
    std::uint64_t hash = llvm::hash_combine_range(key.begin(), key.end());
    auto [entry, isNew] = Shared.factRows.try_emplace(hash, std::uint32_t(facts.size()));
    return isNew ? nullptr : &facts[entry->second];
  }
  /// The one value of a place and a join where its values differ.
  TermId mergeValue(TermId place, TermId before, std::int64_t join);
  TermTable &terms() { return Shared.solution.terms; }
  const TermTable &terms() const { return Shared.solution.terms; }

  Engine &Shared;
  const link::Program &Program;
  link::FunctionId Function;
  link::UnitId UnitNumber;
  const link::Program::UnitLink &Link;
  const ir::Unit &Unit;
  const ir::Function &Body;
  bool Splits;         ///< paths are kept apart
  unsigned StateLimit; ///< states kept apart at one block

  std::vector<const ir::Block *> Blocks;
  unsigned CurrentBlock = 0;
  /// By spawn: the last block, in order, that has waited for its thread's end.
  llvm::DenseMap<std::uint32_t, unsigned> EndedIn;
  llvm::DenseMap<ir::Index, unsigned> BlockNumbers;
  std::vector<llvm::SmallVector<unsigned, 4>> Successors;
  std::vector<bool> GuardsLock;                  ///< blocks whose branch decides about a lock
  llvm::DenseSet<TermId> LockConditions;         ///< what such branches test
  llvm::SmallVector<ir::Index, 4> LockVariables; ///< ... by row
  std::vector<unsigned> Order;                   ///< position in reverse post-order
  std::map<unsigned, Loop> Loops;
  llvm::DenseSet<ir::Index> LoopCalls; ///< calls that a loop repeats
  /// What unknown values the last round of such a call returned.
  llvm::DenseMap<ir::Index, llvm::SmallVector<TermId, 2>> LoopResults;
  std::vector<PendingBlock> Pending;
  /// Blocks by twice their order; heads whose states were put off by odd numbers.
  std::priority_queue<std::pair<unsigned, unsigned>, std::vector<std::pair<unsigned, unsigned>>, std::greater<>> Work;
  std::vector<bool> Queued;

  std::vector<Exit> Exits;
  StepId ThrownAt = 0;
  ir::Index CurrentLocation = 0; ///< of the event that is executed
  ProcedureSummary Summary;
  llvm::DenseMap<std::uint64_t, std::uint32_t> RecordIndex;
  /// Rows of `Solution::pairs`, by terms and steps.
  llvm::DenseMap<std::uint64_t, std::uint32_t> Pairs;
  llvm::DenseMap<std::uint64_t, StepId> Steps; ///< this function's, by location and inner step
  llvm::DenseMap<std::uint64_t, llvm::SmallVector<CallTrace, 1>> Traces; ///< by `callContext`
  llvm::DenseMap<std::uint64_t, std::uint32_t> AccessIndex;              ///< row + 1
  llvm::DenseSet<std::uint64_t> SummaryAccesses; ///< what is touched where, of those in the summary
  /// Rows of accesses, by what is touched where: `known` as in AccessIndex.
  llvm::DenseMap<std::uint64_t, llvm::SmallVector<std::pair<bool, std::uint32_t>, 1>> AccessesAt;
  llvm::DenseMap<TermId, llvm::SmallVector<std::pair<bool, std::uint32_t>, 1>> ReadsOf; ///< by place
  llvm::DenseMap<ir::Index, llvm::SmallVector<Query, 1>> CallQueries, VariableQueries;  ///< what results tell of
  llvm::DenseMap<std::uint64_t, ir::Index> StartedAt; ///< by thread and object: the first place
  /// Calls whose accesses are in, by `accessContext` and locks.
  llvm::DenseMap<std::uint64_t, llvm::SmallVector<AccessCallTrace, 1>> AccessCalls;
  Surroundings Scratch;                                                             ///< of the access at hand
  llvm::DenseMap<std::pair<ir::Index, TermId>, std::pair<TermId, StepId>> ReadInto; ///< under which lock, since when
  /// Rows of captures, by field and object: row + 1, and where it was made.
  llvm::DenseMap<std::pair<link::FieldId, TermId>, std::pair<std::uint32_t, ir::Index>> CaptureIndex;
  llvm::DenseMap<TermId, KindTest> KindTests;
  llvm::DenseSet<TermId> EverAcquired; ///< locks that some path takes (for unbalanced releases)
  /// Handles of threads, in this function's inputs, that some loop of it joins.
  llvm::SmallVector<TermId, 2> JoinedInLoops;
  std::vector<UnheldRelease> UnheldReleases;
  OpenMode ReleaseMode = OpenMode::None;  ///< of the outcome that is being applied
  unsigned Budget = 0, WidenedBudget = 0; ///< block runs that are left, of widened states apart
  unsigned CallableDepth = 0;             ///< callables that are being called inside one another
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_EXECUTOR_H
