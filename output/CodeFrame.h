//===- CodeFrame.h - A source line with something underlined ----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Lays out one source line for a terminal: tabs become blanks, bytes that are
/// not printable UTF-8 become a replacement character, wide characters count
/// two columns, and a line wider than the terminal is cut around the marked
/// part. Private to `output/`.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_OUTPUT_CODEFRAME_H
#define GRIDLOCK_OUTPUT_CODEFRAME_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace gridlock::output {

struct CodeFrame {
  std::string text;      ///< what to print for the line
  std::string underline; ///< blanks, `^` and `~`, to print beneath
};

/// \param column first byte to mark, from 1; 0: mark nothing
/// \param endColumn one past the last byte to mark
/// \param width columns that the text may take; 0: any number
/// O(length of the line).
CodeFrame layOutLine(llvm::StringRef line, unsigned column, unsigned endColumn, unsigned width);

} // namespace gridlock::output

#endif // GRIDLOCK_OUTPUT_CODEFRAME_H
