//===- Store.h - The stored form of a unit ----------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes a unit's tables to a `.gls` file and reads them back. A file that is
/// old, cut off, damaged or made up is refused with one line of text; a unit
/// that was read can be walked by every later room without further checks.
///
/// Called by `engine/run` (cache) and `tool` (`extract`, `link`). The functions
/// have no state; any thread may call them.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SUMMARY_STORE_H
#define GRIDLOCK_ENGINE_SUMMARY_STORE_H

#include "engine/summary/Ir.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdint>
#include <memory>

namespace gridlock::ir {

/// What stands before the tables in a `.gls` file. Fixed for all versions, so
/// that a file of another version is recognised as such.
struct StoreHeader {
  static constexpr std::uint64_t Magic = 0x0a736c676c647267; ///< "grdlgls\n"
  std::uint64_t magic = Magic;
  std::uint32_t version = 0;
  std::uint32_t reserved = 0;
  std::uint64_t formatHash = 0;  ///< of Summary.fbs and Ir.h
  std::uint64_t contentHash = 0; ///< xxh3 of all bytes after the header
};

/// Counts changes of the header or of what the tables mean.
inline constexpr std::uint32_t StoreVersion = 1;

/// A hash of the schema and of Ir.h: files with another one are refused.
std::uint64_t storeFormatHash();

/// Writes `unit`. Fails only when the tables are larger than the format can
/// hold (2 GiB). Linear.
llvm::Error writeUnit(const Unit &unit, llvm::raw_ostream &stream);

/// Reads what `writeUnit` wrote. The bytes may come from anywhere and need not
/// be aligned; the unit does not refer to them afterwards.
/// \returns an error of one line that says what is wrong with the bytes.
/// Linear.
llvm::Expected<std::unique_ptr<Unit>> readUnit(llvm::StringRef bytes);

/// Checks what Ir.h promises and later rooms rely on: every index is in range,
/// enumerators are known, row 0 of each table is the "none" row, a block and a
/// variable belong to one function, jumps stay in their function, and neither
/// expressions nor types nor classes contain themselves. `readUnit` calls it.
/// \returns an error that names the table, the row and the field. Linear.
llvm::Error verifyUnit(const Unit &unit);

} // namespace gridlock::ir

#endif // GRIDLOCK_ENGINE_SUMMARY_STORE_H
