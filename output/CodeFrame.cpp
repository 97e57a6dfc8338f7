//===- CodeFrame.cpp - A source line with something underlined --*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The line is first cut into cells, one per character that is seen: its bytes
/// in the file, what is printed for it, and how many columns that takes. All
/// else (marking, cutting to the terminal's width) is arithmetic on cells, so
/// bytes and columns are never mixed up.
///
//===----------------------------------------------------------------------===//

#include "output/CodeFrame.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Unicode.h"
#include <algorithm>

namespace gridlock::output {

namespace {

constexpr unsigned TabStop = 8;
constexpr llvm::StringLiteral Replacement = "\xEF\xBF\xBD";
constexpr llvm::StringLiteral Ellipsis = "...";

struct Cell {
  std::size_t firstByte;
  llvm::StringRef shown; ///< empty for a tab: `width` blanks
  unsigned width;
};

using Cells = llvm::SmallVector<Cell, 128>;

/// The number of bytes of the character at the start of `rest`, or 0 when they
/// are not UTF-8.
unsigned characterLength(llvm::StringRef rest) {
  unsigned length = llvm::getNumBytesForUTF8(static_cast<llvm::UTF8>(rest.front()));
  const auto *bytes = reinterpret_cast<const llvm::UTF8 *>(rest.data());
  if (length > rest.size() || !llvm::isLegalUTF8Sequence(bytes, bytes + length))
    return 0;
  return length;
}

Cells cellsOf(llvm::StringRef line) {
  Cells cells;
  unsigned column = 0;
  for (std::size_t at = 0; at < line.size();) {
    Cell cell{at, Replacement, 1};
    unsigned length = characterLength(line.substr(at));
    if (line[at] == '\t') {
      cell = {at, {}, TabStop - column % TabStop};
    } else if (length != 0) {
      llvm::StringRef character = line.substr(at, length);
      int width = llvm::sys::unicode::columnWidthUTF8(character);
      if (width >= 0)
        cell = {at, character, static_cast<unsigned>(width)};
    }
    column += cell.width;
    at += std::max(length, 1U);
    cells.push_back(cell);
  }
  return cells;
}

/// The cells [first, last) that fit into `width` columns with the marked cells
/// [markFirst, markLast) in view, leaving room for an ellipsis on both sides.
std::pair<std::size_t, std::size_t> chooseWindow(const Cells &cells, std::size_t markFirst, std::size_t markLast,
                                                 unsigned width) {
  unsigned total = 0;
  for (const Cell &cell : cells)
    total += cell.width;
  if (width == 0 || total <= width)
    return {0, cells.size()};
  unsigned room = width - std::min<unsigned>(width, 2 * Ellipsis.size());
  std::size_t first = std::min(markFirst, cells.size() - 1), last = first;
  unsigned used = 0;
  auto grow = [&](std::size_t candidate) {
    if (used + cells[candidate].width > room)
      return false;
    used += cells[candidate].width;
    return true;
  };
  while (last < std::min(markLast, cells.size()) && grow(last))
    ++last;
  // Then one cell on either side in turn, until neither fits.
  for (bool grew = true; grew;) {
    grew = false;
    if (first > 0 && grow(first - 1))
      --first, grew = true;
    if (last < cells.size() && grow(last))
      ++last, grew = true;
  }
  return {first, last};
}

} // namespace

CodeFrame layOutLine(llvm::StringRef line, unsigned column, unsigned endColumn, unsigned width) {
  Cells cells = cellsOf(line.rtrim(" \t\r\n"));
  auto cellAt = [&](unsigned byteColumn) {
    return static_cast<std::size_t>(
        std::find_if(cells.begin(), cells.end(), [&](const Cell &cell) { return cell.firstByte + 1 >= byteColumn; }) -
        cells.begin());
  };
  std::size_t markFirst = column ? cellAt(column) : 0;
  std::size_t markLast = column ? std::max(cellAt(std::max(endColumn, column + 1)), markFirst + 1) : 0;
  auto [first, last] =
      cells.empty() ? std::pair<std::size_t, std::size_t>(0, 0) : chooseWindow(cells, markFirst, markLast, width);

  CodeFrame frame;
  if (first > 0) {
    frame.text = Ellipsis;
    frame.underline.assign(Ellipsis.size(), ' ');
  }
  for (std::size_t index = first; index < last; ++index) {
    const Cell &cell = cells[index];
    frame.text += cell.shown.empty() ? std::string(cell.width, ' ') : cell.shown.str();
    bool marked = column && index >= markFirst && index < markLast;
    for (unsigned i = 0; i < cell.width; ++i)
      frame.underline += !marked ? ' ' : index == markFirst && i == 0 ? '^' : '~';
  }
  if (last < cells.size())
    frame.text += Ellipsis;
  if (column && markFirst >= cells.size())
    frame.underline += '^'; // Just behind the line's end.
  frame.underline.erase(frame.underline.find_last_not_of(' ') + 1);
  return frame;
}

} // namespace gridlock::output
