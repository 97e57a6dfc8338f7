//===- TraceFile.cpp - A trace of the run time, read ----------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The file may come from another machine or be damaged, so nothing in it is
// believed: lengths are compared with what is left, counts with the record's
// length, and names with what came before.
//
//===----------------------------------------------------------------------===//

#include "engine/trace/TraceFile.h"
#include "runtime/Trace.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <set>

namespace gridlock::trace {

namespace {

llvm::Error broken(const std::string &file, const llvm::Twine &what) {
  return llvm::createStringError(file + ": " + what);
}

/// Copies a record's fixed part; false when the record is shorter.
template <typename Record> bool read(llvm::StringRef bytes, Record &record) {
  if (bytes.size() < sizeof(Record))
    return false;
  std::memcpy(static_cast<void *>(&record), bytes.data(), sizeof(Record));
  return true;
}

/// What follows the fixed part: `count` bytes of text.
template <typename Record> bool readText(llvm::StringRef bytes, std::size_t count, std::string &text) {
  llvm::StringRef rest = bytes.drop_front(sizeof(Record));
  if (rest.size() < count)
    return false;
  text = rest.take_front(count).str();
  return true;
}

/// What follows the fixed part: `count` items.
template <typename Record, typename Item>
bool readItems(llvm::StringRef bytes, std::size_t count, std::vector<Item> &items) {
  llvm::StringRef rest = bytes.drop_front(sizeof(Record));
  if (rest.size() / sizeof(Item) < count)
    return false;
  items.resize(count);
  if (count)
    std::memcpy(static_cast<void *>(items.data()), rest.data(), count * sizeof(Item));
  return true;
}

class Reader {
public:
  explicit Reader(Trace &trace) : Result(trace) {}

  /// Reads one record; false when it is not well formed.
  bool record(std::uint32_t kind, llvm::StringRef bytes) {
    switch (kind) {
    case GRIDLOCK_TRACE_MODULE:
      return module(bytes);
    case GRIDLOCK_TRACE_THREAD:
      return thread(bytes);
    case GRIDLOCK_TRACE_LOCK:
      return lock(bytes);
    case GRIDLOCK_TRACE_STACK:
      return stack(bytes);
    case GRIDLOCK_TRACE_EDGE:
      return edge(bytes);
    case GRIDLOCK_TRACE_REPORT:
      return report(bytes);
    case GRIDLOCK_TRACE_REPORT_PARTS:
      return reportParts(bytes);
    case GRIDLOCK_TRACE_SEGMENT:
      return segment(bytes);
    default:
      return true; // of a later version
    }
  }

private:
  template <typename Value> bool known(const std::map<Id, Value> &values, Id id) const {
    return id == 0 || values.contains(id);
  }

  bool module(llvm::StringRef bytes) {
    gridlock_trace_module record;
    std::string path;
    if (!read(bytes, record) || record.id == 0 || record.build_id_bytes > sizeof(record.build_id) ||
        !readText<gridlock_trace_module>(bytes, record.path_bytes, path))
      return false;
    Result.modules[record.id] = {
        path, llvm::toHex(llvm::ArrayRef<std::uint8_t>(record.build_id, record.build_id_bytes), /*LowerCase=*/true)};
    return true;
  }

  bool thread(llvm::StringRef bytes) {
    gridlock_trace_thread record;
    if (!read(bytes, record) || record.id == 0)
      return false;
    Thread thread;
    thread.systemId = record.system_id;
    thread.creator = known(Result.threads, record.created_by) ? record.created_by : 0;
    thread.createStack = known(Result.stacks, record.create_stack) ? record.create_stack : 0;
    thread.name.assign(record.name, strnlen(record.name, sizeof(record.name)));
    Result.threads[record.id] = std::move(thread);
    return true;
  }

  bool lock(llvm::StringRef bytes) {
    gridlock_trace_lock record;
    std::string name;
    if (!read(bytes, record) || record.id == 0 || !readText<gridlock_trace_lock>(bytes, record.name_bytes, name))
      return false;
    Lock lock;
    lock.kind = record.lock_kind;
    lock.recursive = record.recursive != 0;
    lock.address = record.address;
    lock.module = known(Result.modules, record.module) ? record.module : 0;
    lock.offset = record.offset;
    lock.initStack = known(Result.stacks, record.init_stack) ? record.init_stack : 0;
    lock.name = std::move(name);
    Result.locks[record.id] = std::move(lock);
    return true;
  }

  bool stack(llvm::StringRef bytes) {
    gridlock_trace_stack record;
    std::vector<gridlock_trace_frame> frames;
    if (!read(bytes, record) || record.id == 0 || !readItems<gridlock_trace_stack>(bytes, record.frame_count, frames))
      return false;
    Stack stack;
    for (const gridlock_trace_frame &frame : frames) {
      if (!known(Result.modules, frame.module))
        return false;
      stack.push_back({frame.module, frame.offset, (frame.flags & GRIDLOCK_FRAME_INEXACT) != 0});
    }
    Result.stacks[record.id] = std::move(stack);
    return true;
  }

  bool edge(llvm::StringRef bytes) {
    gridlock_trace_edge record;
    std::vector<gridlock_trace_held> held;
    if (!read(bytes, record) || !readItems<gridlock_trace_edge>(bytes, record.held_count, held) ||
        !Result.locks.contains(record.from) || !Result.locks.contains(record.to) ||
        !known(Result.threads, record.thread) || !known(Result.stacks, record.outer_stack) ||
        !known(Result.stacks, record.inner_stack))
      return false;
    Edge edge;
    edge.from = record.from;
    edge.to = record.to;
    edge.thread = record.thread;
    edge.segment = record.segment;
    edge.outerStack = record.outer_stack;
    edge.innerStack = record.inner_stack;
    edge.shared = record.shared != 0;
    for (const gridlock_trace_held &item : held) {
      if (!Result.locks.contains(item.lock))
        return false;
      edge.held.push_back({item.lock, item.shared != 0});
    }
    std::sort(edge.held.begin(), edge.held.end(), [](const Held &a, const Held &b) { return a.lock < b.lock; });
    Result.edges.push_back(std::move(edge));
    return true;
  }

  bool report(llvm::StringRef bytes) {
    gridlock_trace_report record;
    std::string text;
    if (!read(bytes, record) ||
        !readText<gridlock_trace_report>(bytes, std::size_t(record.problem_bytes) + record.text_bytes, text))
      return false;
    Result.reports.push_back({text.substr(0, record.problem_bytes), text.substr(record.problem_bytes), {}});
    return true;
  }

  bool reportParts(llvm::StringRef bytes) {
    gridlock_trace_report_parts record;
    std::vector<gridlock_trace_part> parts;
    if (!read(bytes, record) || !readItems<gridlock_trace_report_parts>(bytes, record.part_count, parts) ||
        Result.reports.empty())
      return false;
    Report &report = Result.reports.back();
    for (const gridlock_trace_part &part : parts) {
      if (part.begin > part.end || part.end > report.text.size() || !known(Result.stacks, part.stack) ||
          !known(Result.threads, part.thread) || !known(Result.locks, part.lock))
        return false;
      report.parts.push_back(
          {report.text.substr(part.begin, part.end - part.begin), part.stack, part.thread, part.lock});
    }
    return true;
  }

  bool segment(llvm::StringRef bytes) {
    gridlock_trace_segment record;
    // Arrows go from lower to higher numbers, or a search could go round.
    if (!read(bytes, record) || record.id == 0 || record.previous >= record.id || record.joined >= record.id)
      return false;
    Result.segments[record.id] = {record.thread, record.previous, record.joined};
    return true;
  }

  Trace &Result;
};

} // namespace

const Stack &Trace::stack(Id id) const {
  static const Stack none;
  auto found = stacks.find(id);
  return found == stacks.end() ? none : found->second;
}

llvm::Expected<Trace> parseTrace(llvm::StringRef bytes, const std::string &file) {
  gridlock_trace_header header{};
  constexpr std::size_t Shortest = offsetof(gridlock_trace_header, waits_known);
  if (bytes.size() >= Shortest)
    std::memcpy(&header, bytes.data(), std::min(bytes.size(), sizeof(header)));
  if (bytes.size() < Shortest || std::memcmp(header.magic, GRIDLOCK_TRACE_MAGIC, sizeof(header.magic)) != 0)
    return broken(file, "this is no trace of gridlock's run time");
  if (header.version != GRIDLOCK_TRACE_VERSION)
    return broken(file, "the trace has version " + llvm::Twine(header.version) + ", this program reads version " +
                            llvm::Twine(GRIDLOCK_TRACE_VERSION));
  if (header.header_bytes < Shortest || header.header_bytes > bytes.size())
    return broken(file, "the header is damaged");
  Trace trace;
  static std::atomic<std::uint64_t> serials{0};
  trace.file = file;
  trace.serial = ++serials;
  trace.process = header.process;
  trace.parent = header.parent;
  if (header.header_bytes >= sizeof(header) && bytes.size() >= sizeof(header)) {
    trace.waitsKnown = header.waits_known;
    trace.waitsUnknown = header.waits_unknown;
  }
  Reader reader(trace);
  for (std::size_t at = header.header_bytes; bytes.size() - at >= sizeof(gridlock_trace_record);) {
    gridlock_trace_record record;
    read(bytes.drop_front(at), record);
    if (record.kind == GRIDLOCK_TRACE_END)
      break;
    if (record.bytes < sizeof(record) || record.bytes % 8 != 0)
      return broken(file, "the record at byte " + llvm::Twine(at) + " is damaged");
    if (record.bytes > bytes.size() - at)
      break; // cut off
    if (!reader.record(record.kind, bytes.substr(at, record.bytes)))
      return broken(file, "the record at byte " + llvm::Twine(at) + " is damaged");
    at += record.bytes;
  }
  return trace;
}

llvm::Expected<Trace> readTrace(const std::string &file) {
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return llvm::createStringError("cannot read " + file + ": " + buffer.getError().message());
  return parseTrace((*buffer)->getBuffer(), file);
}

namespace {

/// Whether `a` is over when `b`, a later segment of another thread, begins.
bool isBefore(const Trace &trace, Id a, Id b) {
  auto target = trace.segments.find(a);
  if (target == trace.segments.end())
    return false;
  std::set<Id> met{b};
  std::vector<Id> work{b};
  while (!work.empty()) {
    auto found = trace.segments.find(work.back());
    work.pop_back();
    if (found == trace.segments.end())
      continue;
    // Numbers grow along a thread: this one is `a` or later.
    if (found->second.thread == target->second.thread)
      return true;
    for (Id next : {found->second.previous, found->second.joined})
      if (next >= a && next != 0 && met.insert(next).second)
        work.push_back(next);
  }
  return false;
}

} // namespace

bool mayRunInParallel(const Trace &trace, Id a, Id b) {
  auto first = trace.segments.find(a), second = trace.segments.find(b);
  if (a == b || first == trace.segments.end() || second == trace.segments.end())
    return a != b;
  if (first->second.thread == second->second.thread)
    return false;
  return a < b ? !isBefore(trace, a, b) : !isBefore(trace, b, a);
}

} // namespace gridlock::trace
