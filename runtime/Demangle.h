//===- Demangle.h - Readable names without malloc ---------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Names of C++ functions and variables in reports. `__cxa_demangle` calls
/// malloc, whose lock may be the very lock that a report is about. So this
/// reads the plain part of Itanium names itself (`ns::type::function`, without
/// parameters); a name with templates or operators is shown as it is, and
/// `gridlock run` or c++filt makes it readable.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_DEMANGLE_H
#define GRIDLOCK_RUNTIME_DEMANGLE_H

#include "runtime/Writer.h"

namespace gridlock::rt {

void writeDemangled(Writer &writer, const char *name);

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_DEMANGLE_H
