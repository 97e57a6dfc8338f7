//===- Positions.h - Places in a text, as editors name them -----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The protocol counts lines from 0, and columns in the units that client and
/// server agreed upon; findings count lines and bytes from 1. Changes of a text,
/// and what they do to places in it. URIs.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_INTEGRATIONS_LSP_PROXY_POSITIONS_H
#define GRIDLOCK_INTEGRATIONS_LSP_PROXY_POSITIONS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"
#include <optional>
#include <string>

namespace gridlock::integrations {

enum class Encoding { Utf8, Utf16, Utf32 };

/// How many units the first `bytes` bytes of a line take. A byte that is not
/// UTF-8 counts as one unit, as clangd has it. O(bytes).
unsigned unitsOf(llvm::StringRef line, std::size_t bytes, Encoding encoding);

/// The byte at which unit `unit` of a line begins; the line's end when it is
/// shorter. O(result).
std::size_t byteOf(llvm::StringRef line, unsigned unit, Encoding encoding);

/// Lines from `first` up to, not including, `end` (from 0) were changed; what
/// stood on `end` is on `end` + `moved` now.
struct LineChange {
  unsigned first = 0, end = 0;
  int moved = 0;
};

/// Applies one entry of `contentChanges`.
/// \returns which lines it changed; nothing when it is no valid change, and
/// `text` is as it was. O(text).
std::optional<LineChange> applyChange(std::string &text, const llvm::json::Object &change, Encoding encoding);

/// Moves the lines of a range. \returns false when the change touched them.
bool move(llvm::json::Object &range, const LineChange &change);

/// The path of a `file:` URI, normalised; empty for others, and for what is no
/// path on this system.
std::string pathOf(llvm::StringRef uri);
std::string uriOf(llvm::StringRef path);

} // namespace gridlock::integrations

#endif // GRIDLOCK_INTEGRATIONS_LSP_PROXY_POSITIONS_H
