//===- UnitModule.h - Units from clangd's own parse -------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A feature module of clangd that turns every AST which clangd makes of an open
/// file into a unit.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_INTEGRATIONS_CLANGD_UNITMODULE_H
#define GRIDLOCK_INTEGRATIONS_CLANGD_UNITMODULE_H

#include "integrations/live/LiveAnalysis.h"

namespace gridlock::integrations {

/// From now on units go to `analysis`, which must live until the process ends.
/// To be called before clangd starts.
void giveUnitsTo(LiveAnalysis &analysis);

} // namespace gridlock::integrations

#endif // GRIDLOCK_INTEGRATIONS_CLANGD_UNITMODULE_H
