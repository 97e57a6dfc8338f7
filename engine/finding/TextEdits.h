//===- TextEdits.h - Edits put into texts ------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What all that applies edits shares: places in bytes, and the text that comes
/// out. Pure, but for reading the file that an edit names.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_FINDING_TEXTEDITS_H
#define GRIDLOCK_ENGINE_FINDING_TEXTEDITS_H

#include "engine/finding/Finding.h"
#include "engine/finding/SourceCache.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>

namespace gridlock {

/// An edit in bytes of a text: [begin, end) becomes `text`, which belongs to the
/// `TextEdit` that it was made from.
struct ByteEdit {
  std::size_t begin = 0, end = 0;
  llvm::StringRef text;
  friend bool operator==(const ByteEdit &, const ByteEdit &) = default;
};

/// The edit in bytes of its file.
/// \returns an error when the file cannot be read, or has no such place.
llvm::Expected<ByteEdit> byteEdit(SourceCache &sources, const TextEdit &edit);

/// `edits` are sorted and do not overlap. Linear in the result.
std::string editedText(llvm::StringRef text, llvm::ArrayRef<ByteEdit> edits);

/// The part of `file` below the folder `root`, or nothing when it lies elsewhere.
/// Goes by the letters of the two absolute paths.
std::optional<llvm::StringRef> pathBelow(llvm::StringRef root, llvm::StringRef file);

} // namespace gridlock

#endif // GRIDLOCK_ENGINE_FINDING_TEXTEDITS_H
