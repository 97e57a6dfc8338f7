//===- OutputFile.h - Writing the files that a user names -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// An ordinary file appears whole or not at all. What is none (`/dev/stdout`, a
/// terminal, a named pipe) is written to, never replaced, and of a symbolic link
/// the file that it leads to is replaced, not the link.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_OUTPUT_OUTPUTFILE_H
#define GRIDLOCK_OUTPUT_OUTPUTFILE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace gridlock::output {

/// `-` is standard output. An error of `write` is returned as it is.
llvm::Error writeOutputFile(llvm::StringRef file, llvm::function_ref<llvm::Error(llvm::raw_ostream &)> write);

} // namespace gridlock::output

#endif // GRIDLOCK_OUTPUT_OUTPUTFILE_H
