//===- Cleanups.cpp - What happens when scopes are left -------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/facts/FunctionLowering.h"

using namespace clang;

namespace gridlock::facts {

/// Elements of an array that are constructed or destroyed one by one.
static constexpr std::uint64_t maximumElements = 16;

bool isAllocator(const CXXRecordDecl *record) {
  return record && record->isInStdNamespace() && record->getIdentifier() && record->getName() == "allocator";
}

bool FunctionLowering::needsDestruction(QualType type) const {
  return !type.isNull() && !isAllocator(type->getAsCXXRecordDecl()) &&
         type.isDestructedType() == QualType::DK_cxx_destructor;
}

void FunctionLowering::pushCleanup(Cleanup cleanup) {
  cleanup.identity = ++NextIdentity;
  Cleanups.push_back(std::move(cleanup));
}

void FunctionLowering::pushVariable(ir::Index variable, ir::Index place, QualType type, ir::Index location,
                                    bool isTemporary, bool isExtended) {
  Cleanup cleanup;
  cleanup.variable = variable;
  cleanup.place = place;
  if (needsDestruction(type))
    cleanup.type = type;
  cleanup.isTemporary = isTemporary;
  cleanup.isExtended = isExtended;
  cleanup.location = location;
  pushCleanup(cleanup);
}

void FunctionLowering::pushSubobject(ir::Index place, QualType type, ir::Index location, bool onlyOnUnwind) {
  if (!needsDestruction(type))
    return;
  Cleanup cleanup;
  cleanup.place = place;
  cleanup.type = type;
  cleanup.isSubobject = true;
  cleanup.onlyOnUnwind = onlyOnUnwind;
  cleanup.location = location;
  pushCleanup(cleanup);
}

void FunctionLowering::pushTry(BlockNumber handler) {
  Cleanup cleanup;
  cleanup.isTry = true;
  cleanup.handler = handler;
  pushCleanup(cleanup);
}

void FunctionLowering::destroy(ir::Index place, QualType type, ir::Index location, unsigned flags, bool isSubobject) {
  if (const auto *array = Context.getAsConstantArrayType(type)) {
    const std::uint64_t count = array->getSize().getLimitedValue(maximumElements + 1);
    const QualType element = array->getElementType();
    if (count > maximumElements)
      return destroy(Build.index(place, 0, Names.type(element)), element, location, flags, isSubobject);
    for (std::uint64_t i = count; i != 0; --i)
      destroy(Build.index(place, Build.constant(std::int64_t(i - 1)), Names.type(element)), element, location, flags,
              isSubobject);
    return;
  }
  if (const clang::ArrayType *array = Context.getAsArrayType(type))
    return destroy(Build.index(place, 0, Names.type(array->getElementType())), array->getElementType(), location, flags,
                   isSubobject);
  const CXXRecordDecl *record = type->getAsCXXRecordDecl();
  const CXXDestructorDecl *destructor = record && record->hasDefinition() ? record->getDestructor() : nullptr;
  if (!destructor)
    return;
  CallSite site;
  site.callee = destructor;
  site.arguments.push_back(Build.addressOf(place, Names.type(Context.getPointerType(type.getUnqualifiedType()))));
  site.type = Context.VoidTy;
  site.location = location;
  site.flags = flags | ir::CallIsImplicit;
  site.receiver = record;
  // An exception out of a destructor ends the program.
  std::vector<Cleanup> outer;
  outer.swap(Cleanups);
  emitCall(site);
  outer.swap(Cleanups);
}

void FunctionLowering::runCleanup(const Cleanup &cleanup, ir::Index location, bool isUnwinding) {
  if (cleanup.onlyOnUnwind && !isUnwinding)
    return;
  if (cleanup.function) {
    CallSite site;
    site.callee = cleanup.function;
    site.arguments.push_back(Build.addressOf(cleanup.place));
    site.type = cleanup.function->getReturnType();
    site.location = location;
    site.flags = ir::CallIsImplicit;
    std::vector<Cleanup> outer;
    outer.swap(Cleanups);
    emitCall(site);
    outer.swap(Cleanups);
  }
  if (!cleanup.type.isNull())
    destroy(cleanup.place, cleanup.type, location, cleanup.isTemporary ? ir::CallIsDestructorOfTemporary : 0u,
            cleanup.isSubobject);
  if (cleanup.variable)
    emit(ir::EventKind::End, location, cleanup.variable);
}

void FunctionLowering::runCleanups(std::size_t depth, ir::Index location) {
  for (std::size_t i = Cleanups.size(); i > depth; --i) {
    const Cleanup cleanup = Cleanups[i - 1];
    runCleanup(cleanup, location, false);
  }
}

void FunctionLowering::leaveScope(std::size_t depth, ir::Index location) {
  if (!isDead())
    runCleanups(depth, location);
  Cleanups.resize(depth);
}

/// Destroys the temporaries of a full expression. Those whose life is extended
/// by a reference stay, for the scope of the variable that is declared.
void FunctionLowering::endFullExpression(std::size_t depth, ir::Index location) {
  std::vector<Cleanup> extended;
  for (std::size_t i = Cleanups.size(); i > depth; --i) {
    const Cleanup cleanup = Cleanups[i - 1];
    if (cleanup.isExtended)
      extended.push_back(cleanup);
    else
      runCleanup(cleanup, location, false);
  }
  Cleanups.resize(depth);
  for (auto cleanup = extended.rbegin(); cleanup != extended.rend(); ++cleanup) {
    cleanup->isExtended = false;
    cleanup->isTemporary = false;
    cleanup->landing = 0;
    pushCleanup(*cleanup);
  }
}

FunctionLowering::BlockNumber FunctionLowering::landing(std::size_t depth) {
  auto isIdle = [](const Cleanup &cleanup) { return cleanup.type.isNull() && !cleanup.function && !cleanup.isTry; };
  while (depth != 0 && isIdle(Cleanups[depth - 1]))
    --depth;
  if (depth == 0)
    return 0;
  if (Cleanups[depth - 1].isTry)
    return Cleanups[depth - 1].handler;
  if (Cleanups[depth - 1].landing)
    return Cleanups[depth - 1].landing;
  const BlockNumber rest = landing(depth - 1);
  const BlockNumber block = newBlock();
  const BlockNumber before = Current;
  setBlock(block);
  Blocks[block].predecessors = 1;
  const Cleanup cleanup = Cleanups[depth - 1];
  runCleanup(cleanup, cleanup.location, true);
  if (rest)
    jump(rest, cleanup.location);
  else
    terminate(ir::TerminatorKind::Resume, {}, cleanup.location);
  setBlock(before);
  Cleanups[depth - 1].landing = block;
  return block;
}

/// A `goto` leaves the scopes that do not hold its label. Which these are is
/// known only when the label has been seen.
void FunctionLowering::resolveGotos() {
  for (PendingGoto &pending : Gotos) {
    auto found = Labels.find(pending.label);
    setBlock(pending.block);
    if (found == Labels.end()) {
      terminate(ir::TerminatorKind::Unreachable, {}, pending.location);
      continue;
    }
    const std::vector<Cleanup> &there = found->second.cleanups;
    std::size_t common = 0;
    while (common < there.size() && common < pending.cleanups.size() &&
           there[common].identity == pending.cleanups[common].identity)
      ++common;
    for (std::size_t i = pending.cleanups.size(); i > common; --i)
      runCleanup(pending.cleanups[i - 1], pending.location, false);
    jump(found->second.block, pending.location);
  }
  Gotos.clear();
  for (BlockNumber block : IndirectGotos) {
    setBlock(block);
    llvm::SmallVector<BlockNumber, 8> targets;
    for (const LabelDecl *label : LabelOrder)
      targets.push_back(Labels[label].block);
    const ir::Index location = Blocks[block].location;
    if (targets.empty()) {
      terminate(ir::TerminatorKind::Unreachable, {}, location);
      continue;
    }
    // Which label is taken is not tracked: any of them.
    for (std::size_t i = 0; i + 1 < targets.size(); ++i)
      Blocks[block].cases.push_back(Build.constant(std::int64_t(i)));
    terminate(ir::TerminatorKind::Switch, targets, location);
  }
  IndirectGotos.clear();
}

} // namespace gridlock::facts
