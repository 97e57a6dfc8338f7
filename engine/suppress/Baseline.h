//===- Baseline.h - Findings that were there before -------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A baseline lists findings that a project has decided to live with for now, by
/// fingerprint. It holds no line numbers, one finding a line, sorted: it merges.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SUPPRESS_BASELINE_H
#define GRIDLOCK_ENGINE_SUPPRESS_BASELINE_H

#include "engine/finding/Finding.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <vector>

namespace gridlock::suppress {

class Baseline {
public:
  /// Reads what `write` wrote. Rule, file and message are for people and are
  /// not compared.
  static llvm::Expected<Baseline> parse(llvm::StringRef json, llvm::StringRef fileName);

  /// All findings that are not suppressed, with paths relative to `root`.
  static Baseline of(llvm::ArrayRef<Finding> findings, llvm::StringRef root);

  void write(llvm::raw_ostream &os) const;

  /// Sets `suppressedBy` of the findings that are in the baseline.
  /// \returns how many that are.
  unsigned apply(std::vector<Finding> &findings) const;

  /// Drops entries that no finding has any more, suppressed or not.
  /// \returns how many were dropped.
  unsigned prune(llvm::ArrayRef<Finding> findings);

  std::size_t size() const { return Entries.size(); }

private:
  struct Entry {
    std::string fingerprint, rule, file, message;
  };
  std::vector<Entry> Entries;
};

} // namespace gridlock::suppress

#endif // GRIDLOCK_ENGINE_SUPPRESS_BASELINE_H
