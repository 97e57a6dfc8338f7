//===- Symbols.h - Addresses of a trace as source places --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Functions, files and lines of the frames in a trace, with inlined calls, by
/// LLVM's symbolizer. A module whose file is not the one that ran (its build id
/// differs) keeps its addresses. One thread at a time; everything is looked up
/// once.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_TRACE_SYMBOLS_H
#define GRIDLOCK_ENGINE_TRACE_SYMBOLS_H

#include "engine/finding/Finding.h"
#include "engine/trace/TraceFile.h"
#include "llvm/DebugInfo/Symbolize/Symbolize.h"
#include <map>
#include <string>
#include <vector>

namespace gridlock::trace {

struct SourceFrame {
  std::string function;    ///< demangled; empty when unknown
  SourceLocation location; ///< no line when the module has no debug information
  std::string module;      ///< path
  std::uint64_t offset = 0;
  bool inlined = false; ///< into the frame after it
  bool inexact = false; ///< the line may be a later one of the same function
  /// The standard library's own code, the C library's, the run time's.
  bool isLibrary() const;
};

class Symbols {
public:
  Symbols();

  /// The frames of a stack, innermost first, inlined calls included, without
  /// the code that starts threads and `main`.
  const std::vector<SourceFrame> &frames(const Trace &trace, Id stack);
  /// The first frame that is the program's own; the first one when there is
  /// none; null when the stack is empty.
  const SourceFrame *userFrame(const Trace &trace, Id stack);
  /// The variable that lies at an offset of a module; empty when unknown.
  std::string variable(const Module &module, std::uint64_t offset);

  /// Files that are not the ones that ran, for a note to the user.
  const std::vector<std::string> &changedFiles() const { return Changed; }

private:
  bool isSameFile(const Module &module);
  std::vector<SourceFrame> symbolize(const Module &module, const Frame &frame);

  llvm::symbolize::LLVMSymbolizer Symbolizer;
  std::map<std::pair<std::string, std::string>, bool> Same; ///< (path, build id)
  std::map<std::pair<std::string, std::uint64_t>, std::vector<SourceFrame>> Places;
  std::map<std::pair<std::uint64_t, Id>, std::vector<SourceFrame>> Stacks; ///< (trace, stack)
  std::vector<std::string> Changed;
};

/// `server.cpp:12`, or `server+0x1a2b` without a line.
std::string shortPlace(const SourceFrame &frame);

} // namespace gridlock::trace

#endif // GRIDLOCK_ENGINE_TRACE_SYMBOLS_H
