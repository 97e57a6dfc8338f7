//===- ThreadSafety.h - Clang's own thread-safety analysis -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Where an attribute has to stand in a declaration, and what Clang's
/// `-Wthread-safety` has to say about a unit. For `gridlock annotate`, which
/// proposes attributes and keeps those that Clang accepts.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_FACTS_THREADSAFETY_H
#define GRIDLOCK_ENGINE_FACTS_THREADSAFETY_H

#include "engine/facts/Facts.h"
#include "llvm/ADT/ArrayRef.h"

namespace gridlock::facts {

/// Where a name stands: lines and columns count from 1.
struct NamePlace {
  std::string file; ///< absolute
  unsigned line = 0, column = 0;
  friend auto operator<=>(const NamePlace &, const NamePlace &) = default;
};

/// Where text goes into a file.
struct Insertion {
  NamePlace declaration; ///< the name in the first declaration, where it goes
  NamePlace at;          ///< the text goes in front of it; an empty file: there is no place
  std::string before;    ///< what has to stand in front of the attribute, `()` of a lambda
  /// The names of a function's parameters in the declaration that gets it.
  std::vector<std::string> parameters;
};

/// For each declaration, named by any of its declarations or its definition, the
/// place where an attribute goes: of a function behind the parameters and
/// qualifiers of its first declaration, of a variable behind its name, of a class
/// behind its keyword. No place: the unit has no such declaration, or it comes out
/// of a macro, or has a form that takes no attribute. Cost: a parse.
std::vector<Insertion> findInsertions(const CompileJob &job, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files,
                                      llvm::ArrayRef<NamePlace> names);

/// One warning of `-Wthread-safety`, or an error.
struct Complaint {
  enum Kind {
    Error,
    Access,    ///< a variable is accessed without its lock
    Call,      ///< a function is called without a lock that it requires
    Attribute, ///< an attribute is not understood
    Balance,   ///< locks of a function do not add up, as far as Clang sees
  };
  Kind kind = Error;
  NamePlace at;
  std::string message;
  NamePlace about;      ///< the declaration of the variable or function; may be empty
  std::string lock;     ///< as code at that place would name it; may be empty
  bool isWrite = false; ///< the lock has to be held exclusively
  friend auto operator<=>(const Complaint &, const Complaint &) = default;
};

struct SafetyReport {
  bool parsed = false;
  std::vector<Complaint> complaints; ///< sorted; each once
};

/// Runs Clang's analysis on a unit; the file `prefix`, if any, is included first.
/// Cost: a parse.
SafetyReport checkThreadSafety(const CompileJob &job, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files,
                               const std::string &prefix);

} // namespace gridlock::facts

#endif // GRIDLOCK_ENGINE_FACTS_THREADSAFETY_H
