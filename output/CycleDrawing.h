//===- CycleDrawing.h - A cycle of locks as SVG -----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Draws the few resources of one finding's cycle on a circle. Private to
/// `output/`.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_OUTPUT_CYCLEDRAWING_H
#define GRIDLOCK_OUTPUT_CYCLEDRAWING_H

#include "engine/finding/Finding.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/raw_ostream.h"

namespace gridlock::output {

/// Writes an `<svg class="cycle">` that uses the marker `arrow` of the page and
/// takes its colours from the page's style. Deterministic. O(edges^2).
void drawCycle(llvm::ArrayRef<CycleEdge> edges, llvm::raw_ostream &os);

} // namespace gridlock::output

#endif // GRIDLOCK_OUTPUT_CYCLEDRAWING_H
