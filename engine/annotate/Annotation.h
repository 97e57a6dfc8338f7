//===- Annotation.h - An attribute that the analysis proposes ----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One of Clang's thread-safety attributes on one declaration. A plain value.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_ANNOTATE_ANNOTATION_H
#define GRIDLOCK_ENGINE_ANNOTATE_ANNOTATION_H

#include "engine/facts/ThreadSafety.h"
#include "engine/link/Program.h"
#include <string>
#include <vector>

namespace gridlock::annotate {

enum class AnnotationKind {
  Capability,       ///< on a class: it is a lock
  ScopedCapability, ///< on a class: its objects hold a lock while they live
  GuardedBy,
  AcquiredAfter,
  Requires,
  Acquire,
  Release,
  TryAcquire,
  NoAnalysis, ///< Clang cannot follow what the function does to its locks
};

/// Why something was not written.
enum class DropReason {
  None,       ///< it was
  NoPlace,    ///< the declaration takes no attribute
  NotOurs,    ///< the file is not to be changed
  Unchecked,  ///< Clang cannot parse a unit that reads the file
  LockType,   ///< the type of the lock is no lock for Clang
  LockUnseen, ///< Clang does not see that the lock is held
  Objection,  ///< Clang says something else
  NotNeeded,  ///< it was there for something that was dropped
};

struct Annotation {
  AnnotationKind kind{};
  facts::NamePlace name; ///< of the declaration, or of any other of the same thing
  std::string subject;   ///< for messages: `Counter::value_`
  /// As code at the declaration writes it; `$N` is a function's parameter N.
  std::vector<std::string> arguments;
  bool isShared = false;
  bool needsExclusive = false;   ///< of `Requires`: something is written there
  link::FunctionId function = 0; ///< of an attribute on a function
  link::RecordId record = 0;     ///< of an attribute on a class or on its methods
  /// Rows of the annotations that are why this one exists; when all of them are
  /// dropped, so is this one.
  std::vector<std::size_t> because;
  unsigned createdIn = 0; ///< the round
  std::uint32_t lock = 0; ///< class of the lock, into `Solution::words`
  DropReason why = DropReason::None;
  std::string reason; ///< the same for people
  bool isDropped() const { return why != DropReason::None; }

  /// As it stands in the source, with the names of the declaration's parameters.
  std::string text(const std::vector<std::string> &parameters) const;
};

} // namespace gridlock::annotate

#endif // GRIDLOCK_ENGINE_ANNOTATE_ANNOTATION_H
