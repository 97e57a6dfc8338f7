//===- SelfRegistrations.h - Who registers with a part of itself -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Objects that give themselves to one of their own members, to be called back:
/// `hub.subscribe([this] { refresh(); })`, `hub.addListener(this)`. The member that
/// calls back is that object's member again, so what the callback locks there is
/// what the caller may hold. Found once for a program, before anything is solved;
/// read-only afterwards.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_SELFREGISTRATIONS_H
#define GRIDLOCK_ENGINE_SOLVE_SELFREGISTRATIONS_H

#include "engine/link/CallableFlow.h"
#include "engine/link/Program.h"
#include "llvm/ADT/DenseMap.h"

namespace gridlock::solve {

/// How an object has what it registers with.
struct Registration {
  enum Way : std::uint8_t { Nowhere, Part, Pointer, SmartPointer };
  Way way = Nowhere;         ///< Nowhere: it registers with several things
  link::FieldId member = 0;  ///< of the object
  link::RecordId caller = 0; ///< the class that is registered with
  friend bool operator==(const Registration &, const Registration &) = default;
};

class SelfRegistrations {
public:
  /// Linear in the program.
  SelfRegistrations(const link::Program &program, const link::CallableFlow &flow);

  /// Of the objects that lambdas capture in a field; null: not known, or no one way.
  const Registration *ofCapture(link::FieldId field) const { return find(Captures, field); }
  /// Of the objects of a class.
  const Registration *ofClass(link::RecordId record) const { return find(Classes, record); }
  bool empty() const { return Captures.empty() && Classes.empty(); }

private:
  friend class RegistrationFinder;
  using Table = llvm::DenseMap<std::uint32_t, Registration>;
  static const Registration *find(const Table &table, std::uint32_t key) {
    const auto found = table.find(key);
    return found != table.end() && found->second.way != Registration::Nowhere ? &found->second : nullptr;
  }
  Table Captures, Classes;
};

} // namespace gridlock::solve

#endif // GRIDLOCK_ENGINE_SOLVE_SELFREGISTRATIONS_H
