//===- FunctionLowering.h - One body becomes blocks --------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Lowers one function: statements to blocks, expressions to events and values.
/// The essay is in LowerFunction.cpp. Lives while its function is lowered.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_FACTS_FUNCTIONLOWERING_H
#define GRIDLOCK_ENGINE_FACTS_FUNCTIONLOWERING_H

#include "engine/facts/UnitLowering.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"

namespace gridlock::facts {

/// `std::allocator` does nothing when it is made or destroyed; events about it
/// would be a third of those about strings.
bool isAllocator(const clang::CXXRecordDecl *record);

class FunctionLowering {
public:
  /// \param declaration null for the function that initialises globals.
  FunctionLowering(UnitLowering &unit, ir::Index function, const clang::FunctionDecl *declaration);

  /// Lowers the body and writes it to the unit.
  void lowerBody();

  /// Lowers the initialiser of a global into this function.
  void lowerGlobal(const clang::VarDecl *variable);

  /// Writes the blocks to the unit. `lowerBody` does it itself.
  void finish();

  /// Makes the variables of `this`, the parameters and the result.
  void makeParameters();

  /// The lock that an attribute's argument names, a place; 0 when it is no
  /// plain path.
  ir::Index lockPlace(const clang::Expr *argument);

  /// Takes over the variables of a function that was lowered before.
  void adoptVariables();

  /// Lets `this` be the reserved variable 0, as in attributes of fields.
  void makeOwner() { HasOwner = true; }

  /// Writes only the variables: for attributes of functions without a body.
  void finishDeclaration();

  /// Ends the function that initialises globals.
  void closeGlobals();

  const clang::ASTContext &context() const { return Context; }

private:
  using BlockNumber = unsigned;

  /// A block while it is built. Successors are numbers in `Blocks`.
  struct PendingBlock {
    std::vector<ir::Event> events;
    ir::TerminatorKind terminator = ir::TerminatorKind::None;
    ir::Index value = 0;
    ir::Index location = 0;
    llvm::SmallVector<BlockNumber, 2> successors;
    llvm::SmallVector<ir::Index, 0> cases;
    unsigned predecessors = 0;
  };

  /// What has to happen when a scope is left.
  struct Cleanup {
    ir::Index variable = 0;                        ///< whose lifetime ends
    ir::Index place = 0;                           ///< of the object to destroy
    clang::QualType type;                          ///< of that object; null when trivial
    const clang::FunctionDecl *function = nullptr; ///< `__attribute__((cleanup))`
    bool isTemporary = false;
    bool isSubobject = false; ///< destroyed by the object's own destructor
    bool onlyOnUnwind = false;
    bool isExtended = false; ///< lives as long as a variable that is declared now
    bool isTry = false;
    BlockNumber handler = 0; ///< of a try
    ir::Index location = 0;
    unsigned identity = 0;
    BlockNumber landing = 0; ///< cached unwind block
  };

  /// Where a condition jumps to, and how many clean-ups are left there.
  struct Target {
    BlockNumber block;
    std::size_t depth;
  };

  /// A point before which a value was computed.
  struct Mark {
    std::size_t log;
    BlockNumber block;
    std::size_t event;
  };

  struct JumpScope {
    BlockNumber breakBlock = 0;
    BlockNumber continueBlock = 0;
    std::size_t depth = 0;
    bool isSwitch = false;
    llvm::SmallVector<std::pair<ir::Index, BlockNumber>, 8> cases;
    BlockNumber defaultBlock = 0;
  };

  struct PendingGoto {
    BlockNumber block;
    const clang::LabelDecl *label;
    std::vector<Cleanup> cleanups;
    ir::Index location;
  };

  struct Label {
    BlockNumber block;
    std::vector<Cleanup> cleanups;
  };

  struct CallSite {
    const clang::FunctionDecl *callee = nullptr;
    ir::Index function = 0; ///< when there is no declaration
    ir::Index calleeValue = 0;
    llvm::SmallVector<ir::Index, 8> arguments;
    ir::Index destination = 0;
    clang::QualType type;
    ir::Index location = 0;
    std::uint32_t flags = 0;
    const clang::CXXRecordDecl *receiver = nullptr;
  };

  /// A loop whose rounds the threads of a team divide.
  struct DividedLoop {
    std::uint32_t rounds = 0; ///< 0: not known
    std::int32_t stride = 0;  ///< 0: not known
    std::optional<std::int32_t> first = std::nullopt;
    bool isNested = false; ///< one of several that are divided together
    unsigned division = 0; ///< equal for loops of one region that are divided in the same way; 0: like no other
  };

  /// What a task depends on.
  struct Dependence {
    ir::Index region;
    const clang::ValueDecl *variable; ///< null: not known, any
    bool isWritten;
  };

  /// Counts the nesting of what is being lowered.
  struct Nesting {
    explicit Nesting(unsigned &depth) : Depth(depth) { ++Depth; }
    ~Nesting() { --Depth; }
    bool isTooDeep() const { return Depth > MaximumDepth; }
    static constexpr unsigned MaximumDepth = 2000;
    unsigned &Depth;
  };

  // Blocks and events (LowerFunction.cpp).
  BlockNumber newBlock();
  void setBlock(BlockNumber block) { Current = block; }
  bool isDead() const { return Current != 0 && Blocks[Current].predecessors == 0; }
  void terminate(ir::TerminatorKind kind, llvm::ArrayRef<BlockNumber> successors, ir::Index location,
                 ir::Index value = 0);
  void jump(BlockNumber target, ir::Index location = 0);
  void emit(ir::EventKind kind, ir::Index location, ir::Index a, ir::Index b = 0, unsigned flags = 0);
  void assign(ir::Index place, ir::Index value, ir::Index location, unsigned flags = 0);
  ir::Index emitCall(const CallSite &site);
  ir::Index at(clang::SourceLocation location);
  ir::Index at(const clang::Expr *expression) { return at(expression->getExprLoc()); }
  void constructorPrologue(const clang::CXXConstructorDecl *constructor);
  void destructorPrologue(const clang::CXXDestructorDecl *destructor);
  void dropUnneededReads();
  void simplifyBlocks();
  std::vector<BlockNumber> orderBlocks(std::vector<bool> &isLoopHead);
  void returnFrom(ir::Index location);

  // Clean-ups (Cleanups.cpp).
  void pushVariable(ir::Index variable, ir::Index place, clang::QualType type, ir::Index location,
                    bool isTemporary = false, bool isExtended = false);
  void pushSubobject(ir::Index place, clang::QualType type, ir::Index location, bool onlyOnUnwind);
  void pushTry(BlockNumber handler);
  void pushCleanup(Cleanup cleanup);
  void runCleanup(const Cleanup &cleanup, ir::Index location, bool isUnwinding);
  void destroy(ir::Index place, clang::QualType type, ir::Index location, unsigned flags, bool isSubobject);
  void runCleanups(std::size_t depth, ir::Index location);
  void leaveScope(std::size_t depth, ir::Index location);
  void endFullExpression(std::size_t depth, ir::Index location);
  BlockNumber landing(std::size_t depth);
  void resolveGotos();
  bool needsDestruction(clang::QualType type) const;

  // Variables.
  ir::Index newVariable(ir::VariableKind kind, llvm::StringRef name, clang::QualType type, ir::Index location,
                        unsigned flags = 0);
  ir::Index newTemporary(clang::QualType type, ir::Index location, unsigned flags = 0);
  ir::Index newScalarTemporary(clang::QualType type, ir::Index location);
  ir::Index variableRow(const clang::VarDecl *variable);
  ir::Index parameterRow(const clang::ParmVarDecl *parameter);
  ir::Index variablePlace(const clang::ValueDecl *variable, bool isCaptured);
  ir::Index closurePlace();
  ir::Index capturedPlace(const clang::ValueDecl *variable);
  ir::Index thisValue();
  ir::Index throughReference(ir::Index place, clang::QualType type);
  void escape(ir::Index place);
  ir::Index takeAddress(ir::Index place, clang::QualType objectType);

  // Statements (LowerStatement.cpp, LowerJump.cpp).
  void statement(const clang::Stmt *statement);
  void directive(const clang::OMPExecutableDirective *directive);
  void directiveCall(llvm::StringRef function, ir::Index location, llvm::StringRef name);
  void beginRegion(ir::RegionKind kind, ir::Index location, bool isMain = false, unsigned flags = 0);
  void endRegion(bool allDone, ir::Index location, bool atBarrier = false);
  void barrier(ir::Index location);
  void orphanRegion(const clang::Stmt *body);
  ir::Index counterAlike(const clang::VarDecl *variable);
  bool passesBarrier(const clang::FunctionDecl *callee) const;
  void shareVariables(const clang::OMPExecutableDirective &directive);
  void divideLoop(const clang::OMPLoopDirective &loop);
  void markDivided(const clang::VarDecl *variable, ir::Index row);
  void associatedStatement(const clang::OMPExecutableDirective &directive);
  void waitForDependences(const clang::OMPExecutableDirective &directive, ir::Index location);
  void orderRounds(const clang::OMPExecutableDirective &directive, ir::Index location);
  void ownedStatement(const clang::OMPExecutableDirective &directive, ir::Index begin, ir::Index end);
  void lockedStatement(const clang::OMPExecutableDirective &directive, ir::Index begin, ir::Index end);
  void handBack(const clang::OMPExecutableDirective &directive, ir::Index end);
  void compound(const clang::CompoundStmt *statement, const clang::Expr *resultOf, ir::Index *result,
                ir::Index destination);
  void declarations(const clang::DeclStmt *statement);
  void localVariable(const clang::VarDecl *variable);
  void staticLocal(const clang::VarDecl *variable);
  void ifStatement(const clang::IfStmt *statement);
  void whileStatement(const clang::WhileStmt *statement);
  void doStatement(const clang::DoStmt *statement);
  void forStatement(const clang::ForStmt *statement);
  void rangeStatement(const clang::CXXForRangeStmt *statement);
  void switchStatement(const clang::SwitchStmt *statement);
  void caseStatement(const clang::SwitchCase *statement);
  void tryStatement(const clang::CXXTryStmt *statement, const clang::CXXConstructorDecl *constructor = nullptr);
  void returnStatement(const clang::ReturnStmt *statement);
  void gotoLabel(const clang::LabelDecl *label, ir::Index location);
  void labelStatement(const clang::LabelStmt *statement);
  void indirectGoto(const clang::IndirectGotoStmt *statement);
  void breakOrContinue(bool isBreak, ir::Index location);
  void throwExpression(const clang::CXXThrowExpr *expression);

  // Conditions (LowerCondition.cpp).
  void branch(const clang::Expr *condition, Target whenTrue, Target whenFalse);
  void branchLeaf(const clang::Expr *condition, Target whenTrue, Target whenFalse);
  void edge(Target target, ir::Index location);
  ir::Index logicalValue(const clang::Expr *expression);
  void conditionalArms(const clang::AbstractConditionalOperator *expression,
                       llvm::function_ref<void(const clang::Expr *)> arm);

  // Expressions (LowerExpression.cpp, LowerOperator.cpp).
  ir::Index value(const clang::Expr *expression);
  bool isUntyped(const clang::Expr *expression);
  ir::Index valueOf(const clang::Expr *expression);
  template <typename Lower> auto defaultArgument(const clang::CXXDefaultArgExpr *expression, Lower lower) {
    const ir::Index outer = LocationOverride;
    if (!outer)
      LocationOverride = at(expression->getUsedLocation());
    struct Restore {
      ir::Index &Place;
      ir::Index Value;
      ~Restore() { Place = Value; }
    } restore{LocationOverride, outer};
    return lower(expression->getExpr());
  }
  ir::Index place(const clang::Expr *expression);
  ir::Index placeOf(const clang::Expr *expression);
  void effects(const clang::Expr *expression);
  void fullExpression(const clang::Expr *expression);
  ir::Index loadFrom(ir::Index place, const clang::Expr *expression);
  ir::Index castValue(const clang::CastExpr *expression);
  ir::Index castPlace(const clang::CastExpr *expression);
  ir::Index unaryValue(const clang::UnaryOperator *expression, bool isUsed);
  ir::Index binaryValue(const clang::BinaryOperator *expression);
  ir::Index compoundAssignment(const clang::CompoundAssignOperator *expression);
  ir::Index simpleAssignment(const clang::BinaryOperator *expression, ir::Index *stored = nullptr);
  ir::Index pointerArithmetic(ir::Index pointer, ir::Index offset, clang::QualType pointerType);
  ir::Index memberPlace(const clang::MemberExpr *expression);
  ir::Index subscriptPlace(const clang::ArraySubscriptExpr *expression);
  static const clang::Expr *resultOfBlock(const clang::StmtExpr *block);
  ir::Index constantOf(const clang::Expr *expression, bool &isConstant);
  ir::Index materialized(const clang::MaterializeTemporaryExpr *expression);
  ir::Index temporaryObject(const clang::Expr *initializer, unsigned flags);
  ir::Index dynamicCast(const clang::CXXDynamicCastExpr *expression);
  ir::Index coroutineResult(const clang::CoroutineSuspendExpr *expression, ir::Index destination);
  void bindOpaque(const clang::OpaqueValueExpr *opaque);
  Mark mark() const { return {EffectLog.size(), Current, Blocks[Current].events.size()}; }
  bool isChangedSince(ir::Index value, std::size_t log) const;
  ir::Index keep(ir::Index value, const Mark &mark, clang::QualType type);

  // Calls (LowerCall.cpp, LowerBuiltin.cpp).
  void templateNumbers(const clang::FunctionDecl *callee, llvm::SmallVectorImpl<ir::Index> &arguments);
  ir::Index call(const clang::CallExpr *expression, ir::Index destination, unsigned flags = 0);
  bool specialCall(const clang::CallExpr *expression, ir::Index destination, ir::Index &result);
  ir::Index identityArgument(const clang::CallExpr *expression, bool &isIdentity);
  void arguments(llvm::ArrayRef<const clang::Expr *> expressions, const clang::FunctionDecl *callee,
                 const clang::FunctionProtoType *prototype, unsigned firstParameter,
                 llvm::SmallVectorImpl<ir::Index> &out);
  ir::Index argument(const clang::Expr *expression, clang::QualType parameterType);
  ir::Index objectAddress(const clang::Expr *object, bool isArrow, bool &isExactType);
  bool isDispatched(const clang::CXXMethodDecl *method, bool isQualified, bool isExactType) const;
  void construction(const clang::CXXConstructExpr *expression, ir::Index place, clang::QualType type);
  ir::Index newExpression(const clang::CXXNewExpr *expression);
  void deleteExpression(const clang::CXXDeleteExpr *expression);
  ir::Index recovered(const clang::RecoveryExpr *expression);
  ir::Index atomicExpression(const clang::AtomicExpr *expression);
  bool isCopiedTrivially(const clang::CXXConstructExpr *expression) const;

  // Objects (LowerInitializer.cpp).
  void initialize(ir::Index place, const clang::Expr *initializer, clang::QualType type, unsigned flags = 0);
  void construct(const clang::Expr *expression, ir::Index place);
  void constructFrom(const clang::Expr *expression, ir::Index place);
  void initializerList(const clang::InitListExpr *list, ir::Index place);
  void recordList(const clang::InitListExpr *list, const clang::RecordDecl *record, ir::Index place);
  void arrayList(const clang::InitListExpr *list, ir::Index place);
  void zero(ir::Index place, clang::QualType type, ir::Index location, unsigned depth = 0);
  void closure(const clang::LambdaExpr *expression, ir::Index place);
  void initializerListObject(const clang::CXXStdInitializerListExpr *expression, ir::Index place);
  bool isObject(clang::QualType type) const;

  UnitLowering &Unit;
  Symbols &Names;
  ir::Builder &Build;
  clang::ASTContext &Context;
  const ir::Index Function;
  const clang::FunctionDecl *Declaration;

  std::vector<PendingBlock> Blocks;
  BlockNumber Current = 0;
  std::vector<Cleanup> Cleanups;
  std::vector<JumpScope> Jumps;
  std::vector<PendingGoto> Gotos;
  std::vector<BlockNumber> IndirectGotos;
  llvm::DenseMap<const clang::LabelDecl *, Label> Labels;
  std::vector<const clang::LabelDecl *> LabelOrder;
  std::vector<ir::Index> Variables;
  std::vector<ir::Index> Calls; ///< rows whose `unwind` is a number in `Blocks`
  llvm::DenseMap<const clang::VarDecl *, ir::Index> VariableRows;
  llvm::SmallVector<ir::Index, 4> Regions; ///< of OpenMP, around the statement at hand
  ir::Index LastRegion = 0;
  llvm::DenseMap<ir::Index, ir::Index> MainRegions; ///< of a team's first thread, by the region around
  llvm::DenseMap<const clang::VarDecl *, DividedLoop> Divided;
  llvm::SmallPtrSet<const clang::VarDecl *, 4> Owned; ///< each thread of the region at hand has one
  llvm::SmallVector<Dependence, 4> Dependences;       ///< of the function's tasks, in order
  llvm::DenseMap<unsigned, ir::Index> DividedAlike;   ///< counters, by how their loops are divided
  bool OrphanRegion = false;                          ///< the function is called by a team
  bool IsInOrder = false;                             ///< between a `sink` and its `source`
  std::vector<ir::Index> ParameterRows;
  llvm::DenseMap<const clang::ValueDecl *, const clang::FieldDecl *> Captures;
  const clang::FieldDecl *ThisCapture = nullptr;
  llvm::DenseMap<const clang::OpaqueValueExpr *, ir::Index> Opaques; ///< a value, or a place of a glvalue
  /// What was changed, in order: the place of an assignment, 0 for a call.
  std::vector<ir::Index> EffectLog;
  ir::Index ThisVariable = 0;
  ir::Index ReturnSlot = 0;
  ir::Index ThisOverride = 0;                    ///< the object, within an aggregate's default initialisers
  std::size_t AssignmentLimit = ~std::size_t(0); ///< of `EffectLog`'s length, for tables
  bool IsExtending = false;                      ///< temporaries bound now live as long as a variable
  bool HasErrors = false;
  bool HasOwner = false;          ///< `this` is variable 0
  bool IsDiscarded = false;       ///< the next temporary is a whole statement
  ir::Index LastLocation = 0;     ///< for what the user did not write
  ir::Index LocationOverride = 0; ///< of the call, while its default arguments run
  unsigned NextIdentity = 0;
  unsigned Depth = 0;
};

} // namespace gridlock::facts

#endif // GRIDLOCK_ENGINE_FACTS_FUNCTIONLOWERING_H
