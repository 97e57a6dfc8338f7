//===- TraceFile.h - A trace of the run time, read --------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What one process saw under the run-time checker, as values: the contents of
/// a file in the format of runtime/Trace.h. Ids are those of the file; every id
/// in here was checked to exist, or is 0.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_TRACE_TRACEFILE_H
#define GRIDLOCK_ENGINE_TRACE_TRACEFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace gridlock::trace {

using Id = std::uint32_t;

struct Module {
  std::string path;
  std::string buildId; ///< hexadecimal, may be empty
};

/// A return address: the call is the instruction before it.
struct Frame {
  Id module = 0; ///< 0: `offset` is a plain address
  std::uint64_t offset = 0;
  /// The function is right, the line may be a later one of the same call.
  bool inexact = false;
  friend bool operator==(const Frame &, const Frame &) = default;
  friend auto operator<=>(const Frame &, const Frame &) = default;
};

/// Innermost frame first.
using Stack = std::vector<Frame>;

struct Thread {
  std::uint32_t systemId = 0;
  Id creator = 0, createStack = 0;
  std::string name;
};

struct Lock {
  unsigned kind = 0; ///< a `gridlock_trace_lock_kind`
  bool recursive = false;
  std::uint64_t address = 0;
  Id module = 0; ///< with `offset`: where a global lies
  std::uint64_t offset = 0;
  Id initStack = 0;
  std::string name; ///< given by the program
};

struct Segment {
  Id thread = 0, previous = 0, joined = 0;
};

struct Held {
  Id lock = 0;
  bool shared = false;
};

/// A thread wanted `to` while it held `from` and the rest of `held`.
struct Edge {
  Id from = 0, to = 0, thread = 0, segment = 0, outerStack = 0, innerStack = 0;
  bool shared = false;    ///< `to` was wanted for reading
  std::vector<Held> held; ///< sorted by lock; `from` among them
};

/// A stack of a report, with the words before it.
struct ReportPart {
  std::string words;
  Id stack = 0, thread = 0, lock = 0;
};

struct Report {
  std::string problem; ///< `lock-order-inversion`, ...
  std::string text;    ///< as it was printed
  std::vector<ReportPart> parts;
};

struct Trace {
  std::string file;
  std::uint64_t serial = 0; ///< another one for each trace read
  std::uint32_t process = 0, parent = 0;
  /// How often a thread blocked, on what the run time knows and on bare futexes.
  std::uint64_t waitsKnown = 0, waitsUnknown = 0;
  std::map<Id, Module> modules;
  std::map<Id, Thread> threads;
  std::map<Id, Lock> locks;
  std::map<Id, Stack> stacks;
  std::map<Id, Segment> segments;
  std::vector<Edge> edges;
  std::vector<Report> reports;

  const Stack &stack(Id id) const;
};

/// Reads a file. A file that ends in the middle of a record is read up to there:
/// its process may still run. The result is in proportion to the file.
/// \returns an error that says what is wrong with the file.
llvm::Expected<Trace> readTrace(const std::string &file);
/// The same for bytes in memory; `file` is for messages.
llvm::Expected<Trace> parseTrace(llvm::StringRef bytes, const std::string &file);

/// Whether two segments of a trace may have run at the same time: neither is
/// over when the other begins. At most linear in the number of segments.
bool mayRunInParallel(const Trace &trace, Id a, Id b);

} // namespace gridlock::trace

#endif // GRIDLOCK_ENGINE_TRACE_TRACEFILE_H
