//===- UnitCheck.h - One unit, checked inside a compiler --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the adapters that live in another program's process share: from an AST
/// that the host made to findings, and from a finding's places to Clang's. The
/// findings are those of `gridlock check` for the same single file.
///
/// Each call stands alone; calls on several threads are safe as long as each has
/// an AST of its own.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_INTEGRATIONS_UNIT_UNITCHECK_H
#define GRIDLOCK_INTEGRATIONS_UNIT_UNITCHECK_H

#include "engine/finding/Finding.h"
#include "engine/summary/Ir.h"
#include "clang/AST/ASTContext.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gridlock::integrations {

/// The tables of a unit that the host has parsed. Cost: a few per cent of the
/// parse.
std::unique_ptr<ir::Unit> unitOf(clang::ASTContext &context);

/// Findings in one unit, by the nearest `.gridlock.yaml`. With `hideByComment`
/// those that a NOLINT comment hides are left out; clang-tidy does that itself.
llvm::Expected<std::vector<Finding>> checkUnit(std::shared_ptr<const ir::Unit> unit, bool hideByComment);

/// Clang's name of a place; invalid when its file is none of this unit's.
clang::SourceLocation locate(const clang::SourceManager &sources, const SourceLocation &place);

/// The finding's story, one line a step, with its place.
struct Remark {
  SourceLocation location;
  std::string message;
};
std::vector<Remark> remarksOf(const Finding &finding);

/// The first fix that keeps the code's meaning, as Clang wants it.
std::vector<clang::FixItHint> fixItsOf(const clang::SourceManager &sources, const Finding &finding);

} // namespace gridlock::integrations

#endif // GRIDLOCK_INTEGRATIONS_UNIT_UNITCHECK_H
