//===- TraceBytes.h - Traces made by hand -----------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes the format of runtime/Trace.h for tests of its readers.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_TESTS_TRACE_TRACEBYTES_H
#define GRIDLOCK_TESTS_TRACE_TRACEBYTES_H

#include "runtime/Trace.h"
#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

class TraceBytes {
public:
  TraceBytes() {
    gridlock_trace_header header = {};
    std::memcpy(header.magic, GRIDLOCK_TRACE_MAGIC, sizeof(header.magic));
    header.version = GRIDLOCK_TRACE_VERSION;
    header.header_bytes = sizeof(header);
    header.process = 1;
    Bytes.assign(reinterpret_cast<const char *>(&header), sizeof(header));
  }

  const std::string &text() const { return Bytes; }

  TraceBytes &module(std::uint32_t id, const std::string &path) {
    gridlock_trace_module record = {};
    record.id = id;
    record.path_bytes = static_cast<std::uint16_t>(path.size());
    return add(record, GRIDLOCK_TRACE_MODULE, path);
  }
  TraceBytes &thread(std::uint32_t id, const std::string &name) {
    gridlock_trace_thread record = {};
    record.id = id;
    std::memcpy(record.name, name.data(), std::min(name.size(), sizeof(record.name)));
    return add(record, GRIDLOCK_TRACE_THREAD, "");
  }
  TraceBytes &lock(std::uint32_t id, const std::string &name) {
    gridlock_trace_lock record = {};
    record.id = id;
    record.name_bytes = static_cast<std::uint16_t>(name.size());
    return add(record, GRIDLOCK_TRACE_LOCK, name);
  }
  TraceBytes &stack(std::uint32_t id, const std::vector<std::pair<std::uint32_t, std::uint64_t>> &frames) {
    gridlock_trace_stack record = {};
    record.id = id;
    record.frame_count = static_cast<std::uint32_t>(frames.size());
    std::string rest;
    for (const auto &[module, offset] : frames) {
      gridlock_trace_frame frame = {module, 0, offset};
      rest.append(reinterpret_cast<const char *>(&frame), sizeof(frame));
    }
    return add(record, GRIDLOCK_TRACE_STACK, rest);
  }
  TraceBytes &segment(std::uint32_t id, std::uint32_t thread, std::uint32_t previous, std::uint32_t joined) {
    gridlock_trace_segment record = {};
    record.id = id;
    record.thread = thread;
    record.previous = previous;
    record.joined = joined;
    return add(record, GRIDLOCK_TRACE_SEGMENT, "");
  }
  /// `held` are numbers of locks; a negative one is held for reading.
  TraceBytes &edge(std::uint32_t from, std::uint32_t to, std::uint32_t thread, std::uint32_t segment,
                   const std::vector<int> &held, bool shared = false) {
    gridlock_trace_edge record = {};
    record.from = from;
    record.to = to;
    record.thread = thread;
    record.segment = segment;
    record.shared = shared;
    record.held_count = static_cast<std::uint32_t>(held.size());
    std::string rest;
    for (int lock : held) {
      gridlock_trace_held item = {static_cast<std::uint32_t>(lock < 0 ? -lock : lock), lock < 0};
      rest.append(reinterpret_cast<const char *>(&item), sizeof(item));
    }
    return add(record, GRIDLOCK_TRACE_EDGE, rest);
  }

private:
  template <typename Record> TraceBytes &add(Record &record, std::uint32_t kind, const std::string &rest) {
    record.record.kind = kind;
    record.record.bytes = static_cast<std::uint32_t>((sizeof(record) + rest.size() + 7) & ~std::size_t(7));
    std::size_t start = Bytes.size();
    Bytes.append(reinterpret_cast<const char *>(&record), sizeof(record));
    Bytes += rest;
    Bytes.resize(start + record.record.bytes);
    return *this;
  }

  std::string Bytes;
};

#endif // GRIDLOCK_TESTS_TRACE_TRACEBYTES_H
