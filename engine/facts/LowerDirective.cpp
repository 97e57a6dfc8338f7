//===- LowerDirective.cpp - OpenMP directives -------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A parallel region stays where it is, between two events: all that happens
// there happens on several threads at once. Variables of the function that the
// region shares count as captured by reference. A barrier ends the region and
// begins another one, since nothing behind it runs beside what stands before it.
//
// What one thread of the team does (a section, `single`, `master`, a task) is a
// region within the region: beside the team and the other pieces, not beside
// itself. Directives that let one thread at a time in are calls of functions that
// models/openmp.yaml describes as locks; so is what stands between the `sink` and
// the `source` of a round that waits for earlier ones.
//
// Of two tasks one waits for the other when their `depend` clauses name the same
// variable and one of them writes it. Elements of one array count as the same.
//
// A function that divides work among threads, but starts none, is called by a
// team: all of it is a region.
//
//===----------------------------------------------------------------------===//

#include "engine/facts/FunctionLowering.h"
#include "clang/AST/OpenMPClause.h"
#include "clang/AST/StmtOpenMP.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::facts {

using namespace clang;

namespace {

/// A variable of which each thread has one.
struct PrivateVariable {
  const VarDecl *variable;
  bool startsAsOuter = false; ///< with the value that it has outside
  bool isHandedBack = false;  ///< and its last value, or the sum of all, goes there
};

} // namespace

/// The variable in a clause, or the one of which it names elements: `sum[:n]`. With
/// `throughMembers` also the one of which it names a member.
static const DeclRefExpr *wholeOf(const Stmt *entry, bool throughMembers = false) {
  const auto *expression = dyn_cast_or_null<Expr>(entry);
  while (expression) {
    expression = expression->IgnoreParenImpCasts();
    if (const auto *section = dyn_cast<ArraySectionExpr>(expression))
      expression = section->getBase();
    else if (const auto *element = dyn_cast<ArraySubscriptExpr>(expression))
      expression = element->getBase();
    else if (const auto *member = dyn_cast<MemberExpr>(expression); member && throughMembers)
      expression = member->getBase();
    else
      break;
  }
  return dyn_cast_or_null<DeclRefExpr>(expression);
}

static llvm::SmallVector<PrivateVariable, 4> privateVariables(const OMPExecutableDirective &directive) {
  llvm::SmallVector<PrivateVariable, 4> result;
  auto addAll = [&](auto range, bool startsAsOuter, bool isHandedBack) {
    for (const Stmt *child : range)
      if (const auto *reference = wholeOf(child))
        if (const auto *variable = dyn_cast<VarDecl>(reference->getDecl())) {
          variable = variable->getCanonicalDecl();
          if (llvm::none_of(result, [&](const PrivateVariable &known) { return known.variable == variable; }))
            result.push_back({variable, startsAsOuter, isHandedBack});
        }
  };
  for (const OMPClause *clause : directive.clauses())
    switch (clause->getClauseKind()) {
    case llvm::omp::OMPC_private:
      addAll(clause->children(), false, false);
      break;
    case llvm::omp::OMPC_firstprivate:
      addAll(clause->children(), true, false);
      break;
    case llvm::omp::OMPC_lastprivate:
    case llvm::omp::OMPC_reduction:
    case llvm::omp::OMPC_in_reduction:
    case llvm::omp::OMPC_task_reduction:
    case llvm::omp::OMPC_linear:
      addAll(clause->children(), false, true);
      break;
    default:
      break;
    }
  if (const auto *loop = dyn_cast<OMPLoopDirective>(&directive))
    addAll(loop->counters(), false, false);
  return result;
}

/// Directives at whose end all threads of the region wait for each other.
static bool endsWithBarrier(const OMPExecutableDirective &directive) {
  const OpenMPDirectiveKind kind = directive.getDirectiveKind();
  const bool waits = kind == llvm::omp::OMPD_for || kind == llvm::omp::OMPD_for_simd ||
                     kind == llvm::omp::OMPD_single || kind == llvm::omp::OMPD_sections ||
                     kind == llvm::omp::OMPD_scope || kind == llvm::omp::OMPD_loop;
  return waits && !directive.hasClausesOfKind<OMPNowaitClause>();
}

static std::optional<std::int64_t> integerOf(const Expr *expression, const ASTContext &context) {
  Expr::EvalResult result;
  if (!expression || expression->isValueDependent() || !expression->EvaluateAsInt(result, context))
    return std::nullopt;
  return result.Val.getInt().getSExtValue();
}

/// Whether a directive says that one thread runs its region.
static bool hasOneThread(const OMPExecutableDirective &directive, const ASTContext &context) {
  for (const auto *clause : directive.getClausesOfKind<OMPNumThreadsClause>())
    if (integerOf(clause->getNumThreads(), context).value_or(0) == 1)
      return true;
  return llvm::any_of(directive.getClausesOfKind<OMPIfClause>(), [&](const OMPIfClause *clause) {
    return integerOf(clause->getCondition(), context).value_or(1) == 0;
  });
}

static bool startsThreads(const OMPExecutableDirective &directive, const ASTContext &context) {
  const OpenMPDirectiveKind kind = directive.getDirectiveKind();
  return (isOpenMPParallelDirective(kind) || isOpenMPTaskLoopDirective(kind) || isOpenMPTeamsDirective(kind)) &&
         !hasOneThread(directive, context);
}

/// The variable that an entry of a `depend` clause is, or lies in; null: not known.
static const ValueDecl *dependenceOf(const Stmt *entry) {
  const DeclRefExpr *reference = wholeOf(entry, /*throughMembers=*/true);
  return reference ? cast<ValueDecl>(reference->getDecl()->getCanonicalDecl()) : nullptr;
}

static bool isWritten(const OMPDependClause &clause) {
  return clause.getDependencyKind() != OMPC_DEPEND_in && clause.getDependencyKind() != OMPC_DEPEND_sink &&
         clause.getDependencyKind() != OMPC_DEPEND_source;
}

/// Whether a task that is begun again waits for the one that was begun before: it
/// writes what is one place, or what may be.
static bool waitsForItself(const OMPExecutableDirective &directive) {
  return llvm::any_of(directive.getClausesOfKind<OMPDependClause>(), [](const OMPDependClause *clause) {
    return isWritten(*clause) && (clause->varlist_empty() || llvm::any_of(clause->varlist(), [](const Expr *entry) {
                                    return isa<DeclRefExpr>(entry->IgnoreParenImpCasts()) || !dependenceOf(entry);
                                  }));
  });
}

/// What one thread runs beside the others.
static std::optional<ir::RegionKind> pieceKind(const OMPExecutableDirective &directive) {
  switch (directive.getDirectiveKind()) {
  case llvm::omp::OMPD_section:
  case llvm::omp::OMPD_single:
  case llvm::omp::OMPD_master:
  case llvm::omp::OMPD_masked:
    return ir::RegionKind::Piece;
  case llvm::omp::OMPD_parallel_master:
  case llvm::omp::OMPD_parallel_masked:
    return ir::RegionKind::Piece; // in the team that it starts
  case llvm::omp::OMPD_target:
    if (!directive.hasClausesOfKind<OMPNowaitClause>())
      return std::nullopt;
    [[fallthrough]];
  case llvm::omp::OMPD_task:
    return waitsForItself(directive) ? ir::RegionKind::DependentTask : ir::RegionKind::Task;
  default:
    return std::nullopt;
  }
}

/// By how much an increment changes a loop's counter; 0: not known.
static std::int32_t strideOf(const Expr *increment, const ASTContext &context) {
  increment = increment ? increment->IgnoreParenImpCasts() : nullptr;
  if (const auto *unary = dyn_cast_or_null<clang::UnaryOperator>(increment))
    return unary->isIncrementOp() ? 1 : -1;
  const auto *change = dyn_cast_or_null<clang::BinaryOperator>(increment);
  if (!change)
    return 0;
  const Expr *by = change->getRHS();
  BinaryOperatorKind how = change->getOpcode();
  if (how == BO_Assign) { // i = i + 2, i = 2 + i
    const auto *sum = dyn_cast<clang::BinaryOperator>(by->IgnoreParenImpCasts());
    if (!sum || !sum->isAdditiveOp())
      return 0;
    how = sum->getOpcode() == BO_Add ? BO_AddAssign : BO_SubAssign;
    by = integerOf(sum->getLHS(), context) ? sum->getLHS() : sum->getRHS();
  }
  const auto step = integerOf(by, context);
  if (!step || *step != std::int32_t(*step))
    return 0;
  return how == BO_AddAssign ? std::int32_t(*step) : how == BO_SubAssign ? -std::int32_t(*step) : 0;
}

/// The first value of a loop's counter, when it is a constant.
static std::optional<std::int32_t> firstOf(const Stmt *start, const ASTContext &context) {
  const Expr *value = nullptr;
  if (const auto *assignment = dyn_cast_or_null<clang::BinaryOperator>(start))
    value = assignment->getRHS();
  else if (const auto *declaration = dyn_cast_or_null<DeclStmt>(start); declaration && declaration->isSingleDecl())
    if (const auto *variable = dyn_cast<VarDecl>(declaration->getSingleDecl()))
      value = variable->getInit();
  const auto first = integerOf(value, context);
  return first && *first == std::int32_t(*first) ? std::optional(std::int32_t(*first)) : std::nullopt;
}

/// What says how the rounds of a loop are given to the threads, always in the same
/// way: equal numbers for loops of one region that give each thread the same rounds.
static unsigned divisionOf(const OMPLoopDirective &loop, ir::Index region, std::int32_t stride,
                           const ASTContext &context) {
  const OpenMPDirectiveKind kind = loop.getDirectiveKind();
  const auto *code = dyn_cast<ForStmt>(loop.getRawStmt());
  if ((kind != llvm::omp::OMPD_for && kind != llvm::omp::OMPD_for_simd) || !code || !stride)
    return 0;
  llvm::FoldingSetNodeID id;
  // A compiler's own choice is static, too.
  for (const auto *schedule : loop.getClausesOfKind<OMPScheduleClause>()) {
    if (schedule->getScheduleKind() != OMPC_SCHEDULE_static)
      return 0;
    if (const Expr *chunk = schedule->getChunkSize())
      chunk->Profile(id, context, /*Canonical=*/true);
  }
  const Expr *first = nullptr;
  if (const auto *assignment = dyn_cast_or_null<clang::BinaryOperator>(code->getInit()))
    first = assignment->getRHS();
  else if (const auto *declaration = dyn_cast_or_null<DeclStmt>(code->getInit());
           declaration && declaration->isSingleDecl())
    if (const auto *variable = dyn_cast<VarDecl>(declaration->getSingleDecl()))
      first = variable->getInit();
  const auto *end = dyn_cast_or_null<clang::BinaryOperator>(code->getCond());
  if (!first || !end)
    return 0;
  id.AddInteger(region);
  id.AddInteger(stride);
  id.AddInteger(unsigned(end->getOpcode()));
  id.AddPointer(end->getLHS()->getType().getCanonicalType().getAsOpaquePtr());
  first->Profile(id, context, /*Canonical=*/true);
  end->getRHS()->Profile(id, context, /*Canonical=*/true);
  const unsigned hash = id.ComputeHash();
  return hash > 1 ? hash : 2; // two numbers are the map's own
}

static bool dividesWork(OpenMPDirectiveKind kind) {
  return isOpenMPWorksharingDirective(kind) || kind == llvm::omp::OMPD_barrier;
}

/// Whether a statement divides work among threads that are started elsewhere.
static bool hasOrphan(const Stmt *statement) {
  if (const auto *directive = dyn_cast_or_null<OMPExecutableDirective>(statement)) {
    const OpenMPDirectiveKind kind = directive->getDirectiveKind();
    if (isOpenMPParallelDirective(kind) || isOpenMPTeamsDirective(kind))
      return false;
    return dividesWork(kind) || (directive->hasAssociatedStmt() && hasOrphan(directive->getRawStmt()));
  }
  return statement && llvm::any_of(statement->children(), hasOrphan);
}

//===----------------------------------------------------------------------===//
// Regions
//===----------------------------------------------------------------------===//

void FunctionLowering::directiveCall(llvm::StringRef function, ir::Index location, llvm::StringRef name) {
  CallSite site;
  site.function = Names.builtinFunction(function);
  site.type = Context.VoidTy;
  site.location = location;
  if (!name.empty())
    site.arguments.push_back(Build.stringConstant(name, Names.type(Context.getPointerType(Context.CharTy))));
  emitCall(site);
}

/// \param isMain whether the team's first thread runs it: all that it runs is one.
/// \param flags further RegionFlags
void FunctionLowering::beginRegion(ir::RegionKind kind, ir::Index location, bool isMain, unsigned flags) {
  const ir::Index around = Regions.empty() ? 0 : Regions.back();
  ir::Index &ofMain = MainRegions[around];
  const ir::Index number = isMain && ofMain ? ofMain : ++LastRegion;
  if (isMain)
    ofMain = number;
  Regions.push_back(number);
  emit(ir::EventKind::ParallelBegin, location, number, around, unsigned(kind) | flags);
}

/// \param allDone whether what was begun in it is done, too.
void FunctionLowering::endRegion(bool allDone, ir::Index location, bool atBarrier) {
  const ir::Index ended = Regions.pop_back_val();
  emit(ir::EventKind::ParallelEnd, location, ended, Regions.empty() ? 0 : Regions.back(),
       (allDone ? ir::RegionAllDone : 0) | (atBarrier ? ir::RegionEndsAtBarrier : 0));
}

/// All threads of the region are here: what stands behind it runs beside nothing
/// that stands before it.
void FunctionLowering::barrier(ir::Index location) {
  if (Regions.empty())
    return;
  const bool isOrphan = OrphanRegion && Regions.size() == 1;
  endRegion(/*allDone=*/true, location, /*atBarrier=*/true);
  beginRegion(ir::RegionKind::Team, location, /*isMain=*/false,
              ir::RegionStartsAtBarrier | (isOrphan ? ir::RegionIsOrphan : 0));
}

void FunctionLowering::orphanRegion(const Stmt *body) {
  OrphanRegion = Context.getLangOpts().OpenMP && hasOrphan(body);
  if (OrphanRegion)
    beginRegion(ir::RegionKind::Team, at(body->getBeginLoc()), /*isMain=*/false, ir::RegionIsOrphan);
}

/// What the threads share counts as captured by reference.
void FunctionLowering::shareVariables(const OMPExecutableDirective &directive) {
  const auto own = privateVariables(directive);
  for (const CapturedStmt::Capture &capture : directive.getInnermostCapturedStmt()->captures()) {
    if (!capture.capturesVariable())
      continue;
    const VarDecl *variable = capture.getCapturedVar();
    if (variable->hasLocalStorage() &&
        llvm::none_of(own, [&](const PrivateVariable &one) { return one.variable == variable->getCanonicalDecl(); }))
      Build.unit().variables[variableRow(variable)].flags |= ir::VariableAddressTaken;
  }
}

/// Says of a loop's counters how the rounds are divided.
void FunctionLowering::divideLoop(const OMPLoopDirective &loop) {
  const bool isDivided =
      isOpenMPWorksharingDirective(loop.getDirectiveKind()) || isOpenMPDistributeDirective(loop.getDirectiveKind()) ||
      isOpenMPTaskLoopDirective(loop.getDirectiveKind()) || isOpenMPGenericLoopDirective(loop.getDirectiveKind());
  if (!isDivided)
    return;
  DividedLoop how;
  how.isNested = loop.getLoopsNumber() > 1;
  if (const auto *code = dyn_cast<ForStmt>(loop.getRawStmt()); code && !how.isNested) {
    how.stride = strideOf(code->getInc(), Context);
    how.first = firstOf(code->getInit(), Context);
    how.division = divisionOf(loop, Regions.empty() ? 0 : Regions.back(), how.stride, Context);
  }
  if (const auto rounds = integerOf(loop.getNumIterations(), Context); rounds && !how.isNested)
    how.rounds = std::uint32_t(std::min<std::int64_t>(*rounds, UINT32_MAX));
  for (const Expr *counter : loop.counters())
    if (const auto *reference = dyn_cast<DeclRefExpr>(counter))
      if (const auto *variable = dyn_cast<VarDecl>(reference->getDecl()))
        Divided[variable->getCanonicalDecl()] = how;
}

/// The counter of an earlier loop that gives each thread the same rounds; 0: none.
ir::Index FunctionLowering::counterAlike(const VarDecl *variable) {
  const auto found = Divided.find(variable->getCanonicalDecl());
  return found == Divided.end() || !found->second.division ? 0 : DividedAlike.lookup(found->second.division);
}

void FunctionLowering::markDivided(const VarDecl *variable, ir::Index row) {
  const auto found = Divided.find(variable->getCanonicalDecl());
  if (found == Divided.end())
    return;
  ir::Variable &counter = Build.unit().variables[row];
  counter.flags |= ir::VariableIsDivided;
  if (found->second.isNested)
    counter.flags |= ir::VariableIsNested;
  counter.rounds = found->second.rounds;
  counter.stride = found->second.stride;
  counter.first = found->second.first.value_or(0);
  if (found->second.first)
    counter.flags |= ir::VariableStartIsKnown;
  if (found->second.division)
    DividedAlike[found->second.division] = row;
}

/// Whether a function that a team calls surely comes to a barrier, as far as its
/// outermost statements tell.
bool FunctionLowering::passesBarrier(const FunctionDecl *callee) const {
  const FunctionDecl *definition = nullptr;
  const auto *body = callee && Regions.size() == 1 && callee->hasBody(definition)
                         ? dyn_cast<CompoundStmt>(definition->getBody())
                         : nullptr;
  return body && llvm::any_of(body->body(), [](const Stmt *statement) {
           const auto *directive = dyn_cast<OMPExecutableDirective>(statement);
           return directive &&
                  (directive->getDirectiveKind() == llvm::omp::OMPD_barrier || endsWithBarrier(*directive));
         });
}

/// The statement of a directive, each section a region of its own.
void FunctionLowering::associatedStatement(const OMPExecutableDirective &directive) {
  const Stmt *raw = directive.getRawStmt();
  const OpenMPDirectiveKind kind = directive.getDirectiveKind();
  const bool isSections = kind == llvm::omp::OMPD_sections || kind == llvm::omp::OMPD_parallel_sections;
  const auto *all = dyn_cast<CompoundStmt>(raw);
  if (!isSections || !all)
    return statement(raw);
  for (const Stmt *section : all->body()) {
    // The first one needs no directive.
    const bool isBare = !isa<OMPSectionDirective>(section) && !Regions.empty();
    if (isBare)
      beginRegion(ir::RegionKind::Piece, at(section->getBeginLoc()));
    statement(section);
    if (isBare)
      endRegion(/*allDone=*/false, at(section->getEndLoc()));
  }
}

/// The statement, in which each thread has variables of its own.
void FunctionLowering::ownedStatement(const OMPExecutableDirective &directive, ir::Index begin, ir::Index end) {
  struct Shadow {
    const VarDecl *variable;
    ir::Index own, outer; ///< outer: 0 for a parameter, a global
    bool wasOwned;
  };
  llvm::SmallVector<Shadow, 4> shadows;
  for (const PrivateVariable &one : privateVariables(directive)) {
    const auto found = VariableRows.find(one.variable);
    const bool isKnown = found != VariableRows.end();
    const bool isOurs = isKnown || isa<ParmVarDecl>(one.variable) || !one.variable->hasLocalStorage();
    if (one.variable->getTLSKind() != VarDecl::TLS_None || (!isOurs && !Captures.contains(one.variable)))
      continue;
    const ir::Index before = isKnown ? found->second : 0;
    const ir::Index outer = one.startsAsOuter ? variablePlace(one.variable, /*isCaptured=*/true) : 0;
    const ir::Index alike = counterAlike(one.variable);
    const ir::Index row = alike ? alike
                                : newVariable(ir::VariableKind::Local, one.variable->getName(),
                                              one.variable->getType().getNonReferenceType(), begin);
    markDivided(one.variable, row);
    emit(ir::EventKind::Begin, begin, row);
    if (one.startsAsOuter)
      emit(ir::EventKind::Assign, begin, Build.local(row), Build.load(outer), ir::AssignIsInitialization);
    shadows.push_back({one.variable, row, before, !Owned.insert(one.variable).second});
    VariableRows[one.variable] = row;
  }
  associatedStatement(directive);
  for (const Shadow &shadow : llvm::reverse(shadows)) {
    emit(ir::EventKind::End, end, shadow.own);
    if (!shadow.wasOwned)
      Owned.erase(shadow.variable);
    if (shadow.outer)
      VariableRows[shadow.variable] = shadow.outer;
    else
      VariableRows.erase(shadow.variable);
  }
}

/// What the threads computed stands in the outer variables.
void FunctionLowering::handBack(const OMPExecutableDirective &directive, ir::Index end) {
  for (const PrivateVariable &one : privateVariables(directive))
    if (one.isHandedBack && !one.variable->getType()->isPointerType())
      if (const ir::Index outer = variablePlace(one.variable, /*isCaptured=*/true))
        emit(ir::EventKind::Assign, end, outer, 0);
}

/// The tasks, begun before the one at hand, that it waits for.
void FunctionLowering::waitForDependences(const OMPExecutableDirective &directive, ir::Index location) {
  const ir::Index mine = Regions.back();
  const std::size_t before = Dependences.size();
  for (const auto *clause : directive.getClausesOfKind<OMPDependClause>()) {
    if (clause->varlist_empty())
      Dependences.push_back({mine, nullptr, isWritten(*clause)});
    for (const Expr *entry : clause->varlist())
      Dependences.push_back({mine, dependenceOf(entry), isWritten(*clause)});
  }
  llvm::SmallDenseSet<ir::Index, 4> waitedFor;
  const llvm::ArrayRef<Dependence> all = Dependences;
  for (const Dependence &one : all.drop_front(before))
    for (const Dependence &other : all.take_front(before))
      if ((one.isWritten || other.isWritten) && (!one.variable || !other.variable || one.variable == other.variable) &&
          waitedFor.insert(other.region).second)
        emit(ir::EventKind::ParallelOrder, location, mine, other.region);
}

/// A round waits for others, or they for it: what stands between is done by one
/// round at a time.
void FunctionLowering::orderRounds(const OMPExecutableDirective &directive, ir::Index location) {
  bool begins = false, ends = false;
  for (const auto *clause : directive.getClausesOfKind<OMPDependClause>()) {
    begins |= clause->getDependencyKind() == OMPC_DEPEND_sink;
    ends |= clause->getDependencyKind() == OMPC_DEPEND_source;
  }
  for (const auto *clause : directive.getClausesOfKind<OMPDoacrossClause>()) {
    const bool isSink = clause->getDependenceType() == OMPC_DOACROSS_sink ||
                        clause->getDependenceType() == OMPC_DOACROSS_sink_omp_cur_iteration;
    begins |= isSink;
    ends |= !isSink;
  }
  if (begins && !IsInOrder)
    directiveCall("omp_ordered::begin", location, {});
  else if (ends && IsInOrder)
    directiveCall("omp_ordered::end", location, {});
  IsInOrder = begins || (IsInOrder && !ends);
}

/// Calls that take and give back what a directive stands for.
void FunctionLowering::lockedStatement(const OMPExecutableDirective &directive, ir::Index begin, ir::Index end) {
  llvm::StringRef lock;
  std::string name;
  if (const auto *critical = dyn_cast<OMPCriticalDirective>(&directive)) {
    name = critical->getDirectiveName().getAsString();
    lock = name.empty() ? "omp_critical" : "omp_critical::named";
  } else if (directive.getDirectiveKind() == llvm::omp::OMPD_atomic) {
    lock = "omp_atomic";
  } else if (directive.getDirectiveKind() == llvm::omp::OMPD_ordered) {
    lock = "omp_ordered";
  }
  if (!lock.empty())
    directiveCall((lock + "::begin").str(), begin, name);
  ownedStatement(directive, begin, end);
  if (!lock.empty())
    directiveCall((lock + "::end").str(), end, name);
}

void FunctionLowering::directive(const OMPExecutableDirective *directive) {
  const ir::Index begin = at(directive->getBeginLoc()), end = at(directive->getEndLoc());
  const OpenMPDirectiveKind kind = directive->getDirectiveKind();
  if (kind == llvm::omp::OMPD_barrier)
    barrier(begin);
  if (kind == llvm::omp::OMPD_taskwait)
    emit(ir::EventKind::ParallelEnd, begin, 0, Regions.empty() ? 0 : Regions.back(), ir::RegionAllDone);
  if (kind == llvm::omp::OMPD_ordered && !directive->hasAssociatedStmt())
    orderRounds(*directive, begin);
  if (!directive->hasAssociatedStmt())
    return;
  if (const auto *loop = dyn_cast<OMPLoopDirective>(directive))
    divideLoop(*loop);
  const bool isTeam = startsThreads(*directive, Context);
  const auto piece = pieceKind(*directive);
  if (isTeam || piece == ir::RegionKind::Task || piece == ir::RegionKind::DependentTask)
    shareVariables(*directive);
  const bool isRegion = piece && (isTeam || !Regions.empty() || *piece != ir::RegionKind::Piece);
  const bool isMain = !directive->hasClausesOfKind<OMPFilterClause>() && kind != llvm::omp::OMPD_single &&
                      kind != llvm::omp::OMPD_section;
  if (isTeam)
    beginRegion(ir::RegionKind::Team, begin);
  if (isRegion)
    beginRegion(*piece, begin, isMain && *piece == ir::RegionKind::Piece);
  if (isRegion && *piece != ir::RegionKind::Piece)
    waitForDependences(*directive, begin);
  lockedStatement(*directive, begin, end);
  if (isRegion)
    endRegion(/*allDone=*/false, end);
  if (isTeam)
    endRegion(/*allDone=*/true, end);
  if (endsWithBarrier(*directive))
    barrier(end);
  if (kind == llvm::omp::OMPD_taskgroup)
    emit(ir::EventKind::ParallelEnd, end, 0, Regions.empty() ? 0 : Regions.back(), ir::RegionAllDone);
  if (isTeam)
    handBack(*directive, end);
}

} // namespace gridlock::facts
