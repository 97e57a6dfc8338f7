//===- TraceWriter.cpp - Appends to the trace -----------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The file is mapped a window at a time. A record that does not fit into the
// rest of a window begins in the next mapping, which overlaps the old one, so
// records lie one behind the other in the file. The kind is stored after the
// rest of the record: a reader that meets a kind of zero is at the end.
//
// Modules, threads and locks are written just before the first record that
// names them; bitmaps remember which were.
//
//===----------------------------------------------------------------------===//

#include "runtime/TraceWriter.h"
#include "runtime/Arena.h"
#include "runtime/HeldSet.h"
#include "runtime/Journal.h"
#include "runtime/Options.h"
#include "runtime/Report.h"
#include "runtime/Trace.h"
#include "runtime/Writer.h"

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace gridlock::rt {

namespace {

constexpr std::size_t WindowBytes = 1u << 20;

InternalLock Guard;
int file = -1;
char *window = nullptr;
std::size_t windowStart = 0; ///< where the window lies in the file
std::size_t used = 0;        ///< of the window

/// One bit for each id.
class Bits {
public:
  /// Returns whether the bit was clear, and sets it.
  bool testAndSet(std::uint32_t index) {
    if (index / 64 >= Words) {
      std::size_t words = Words ? Words * 2 : 64;
      while (index / 64 >= words)
        words *= 2;
      std::uint64_t *bigger = arenaNew<std::uint64_t>(words);
      if (Data)
        std::memcpy(bigger, Data, Words * sizeof(*Data));
      Data = bigger;
      Words = words;
    }
    std::uint64_t bit = std::uint64_t(1) << (index % 64);
    bool fresh = !(Data[index / 64] & bit);
    Data[index / 64] |= bit;
    return fresh;
  }
  void clear() {
    if (Data)
      std::memset(Data, 0, Words * sizeof(*Data));
  }

private:
  std::uint64_t *Data = nullptr;
  std::size_t Words = 0;
};
/// Lives in the header of the trace, if there is one: it survives the process.
struct WaitCounts {
  std::atomic<std::uint64_t> known, unknown;
};
WaitCounts ownCounts;
std::atomic<WaitCounts *> waitCounts{&ownCounts};
constexpr std::size_t CountsAt = offsetof(gridlock_trace_header, waits_known);
static_assert(sizeof(gridlock_trace_header) == CountsAt + sizeof(WaitCounts));

/// Maps the header's page apart, as the window moves on. What was counted before
/// goes with it; the parent's page stays mapped for whoever is about to count.
void countInHeader(bool isFresh) {
  void *page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (page == MAP_FAILED)
    return;
  auto *counts = reinterpret_cast<WaitCounts *>(static_cast<char *>(page) + CountsAt);
  if (!isFresh) {
    counts->known.store(ownCounts.known.load());
    counts->unknown.store(ownCounts.unknown.load());
  }
  waitCounts.store(counts, std::memory_order_release);
}

Bits modulesWritten, threadsWritten, locksWritten, stacksWritten;
std::uint32_t segmentsWritten = 0;

void stop() {
  if (window)
    munmap(window, WindowBytes);
  window = nullptr;
  if (file >= 0)
    close(file);
  file = -1;
}

/// Maps the window that begins at a page boundary at or before `offset`.
bool mapWindow(std::size_t offset) {
  if (window)
    munmap(window, WindowBytes);
  window = nullptr;
  windowStart = offset & ~std::size_t(4095);
  used = offset - windowStart;
  if (ftruncate(file, static_cast<off_t>(windowStart + WindowBytes)) != 0)
    return false;
  void *memory = mmap(nullptr, WindowBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, static_cast<off_t>(windowStart));
  if (memory == MAP_FAILED)
    return false;
  window = static_cast<char *>(memory);
  return true;
}

/// Room for one record; null when the trace cannot go on.
void *reserve(std::size_t bytes) {
  // The word after the record must stay zero: it is the end mark.
  if (!window || bytes + 4096 + 8 > WindowBytes)
    return nullptr;
  if (used + bytes + 8 > WindowBytes && !mapWindow(windowStart + used)) {
    stop();
    return nullptr;
  }
  return window + used;
}

void commit(gridlock_trace_record &record, std::uint32_t kind, std::size_t bytes) {
  record.bytes = static_cast<std::uint32_t>(bytes);
  __atomic_store_n(&record.kind, kind, __ATOMIC_RELEASE);
  used += bytes;
}

std::size_t rounded(std::size_t bytes) { return (bytes + 7) & ~std::size_t(7); }

void writeModule(std::uint32_t id) {
  const Module *module = moduleAt(id);
  if (!module || !modulesWritten.testAndSet(id))
    return;
  std::size_t length = std::strlen(module->path);
  std::size_t bytes = rounded(sizeof(gridlock_trace_module) + length);
  auto *record = static_cast<gridlock_trace_module *>(reserve(bytes));
  if (!record)
    return;
  record->id = id;
  record->build_id_bytes = module->buildIdBytes;
  std::memcpy(record->build_id, module->buildId, sizeof(record->build_id));
  record->path_bytes = static_cast<std::uint16_t>(length);
  std::memcpy(record->path, module->path, length);
  commit(record->record, GRIDLOCK_TRACE_MODULE, bytes);
}

void writeStack(std::uint32_t id, const StoredStack &stack) {
  if (!id || !stacksWritten.testAndSet(id))
    return;
  for (unsigned i = 0; i < stack.count; ++i)
    writeModule(stack.frames[i].module);
  std::size_t bytes = rounded(sizeof(gridlock_trace_stack) + stack.count * sizeof(gridlock_trace_frame));
  auto *record = static_cast<gridlock_trace_stack *>(reserve(bytes));
  if (!record)
    return;
  record->id = id;
  record->frame_count = stack.count;
  for (unsigned i = 0; i < stack.count; ++i)
    record->frames[i] = {stack.frames[i].module, i == stack.inexactFrame ? GRIDLOCK_FRAME_INEXACT : 0,
                         stack.frames[i].offset};
  commit(record->record, GRIDLOCK_TRACE_STACK, bytes);
}

void writeThread(std::uint32_t id) {
  if (!id || !threadsWritten.testAndSet(id))
    return;
  const ThreadRecord &thread = threadAt(id);
  writeThread(thread.createdBy);
  if (thread.createStack)
    writeStack(thread.createStack, storedStack(thread.createStack));
  std::size_t bytes = rounded(sizeof(gridlock_trace_thread));
  auto *record = static_cast<gridlock_trace_thread *>(reserve(bytes));
  if (!record)
    return;
  record->id = id;
  record->system_id = thread.systemId;
  record->created_by = thread.createdBy;
  record->create_stack = thread.createStack;
  std::memcpy(record->name, thread.name, sizeof(record->name));
  commit(record->record, GRIDLOCK_TRACE_THREAD, bytes);
}

void writeSegments(std::uint32_t last) {
  while (segmentsWritten < last) {
    std::size_t bytes = rounded(sizeof(gridlock_trace_segment));
    auto *record = static_cast<gridlock_trace_segment *>(reserve(bytes));
    if (!record)
      return;
    std::uint32_t id = ++segmentsWritten;
    const Segment &segment = segmentAt(id);
    record->id = id;
    record->thread = segment.thread;
    record->previous = segment.previous;
    record->joined = segment.joined;
    commit(record->record, GRIDLOCK_TRACE_SEGMENT, bytes);
  }
}

void writeLock(std::uint32_t id) {
  if (!id || !locksWritten.testAndSet(id))
    return;
  const Lock &lock = lockAt(id);
  if (lock.initStack)
    writeStack(lock.initStack, storedStack(lock.initStack));
  Site site = siteOf(lock.lastAddress);
  writeModule(site.module);
  const char *name = labelOf(lock).name;
  std::size_t length = name ? std::strlen(name) : 0;
  if (length > 4096)
    length = 4096;
  std::size_t bytes = rounded(sizeof(gridlock_trace_lock) + length);
  auto *record = static_cast<gridlock_trace_lock *>(reserve(bytes));
  if (!record)
    return;
  record->id = id;
  record->lock_kind = static_cast<std::uint8_t>(lock.kind);
  record->recursive = lock.has(Lock::Recursive);
  record->name_bytes = static_cast<std::uint16_t>(length);
  record->address = lock.lastAddress;
  record->module = site.module;
  record->offset = site.module ? site.offset : 0;
  record->init_stack = lock.initStack;
  if (length)
    std::memcpy(record->name, name, length);
  commit(record->record, GRIDLOCK_TRACE_LOCK, bytes);
}

/// What an edge's record says, but for the locks held.
struct EdgeFacts {
  std::uint32_t from, to, segment, outerStack, innerStack;
  LockMode mode;
  std::uint32_t heldCount;
};

/// `heldAt(i)` is a lock held and its mode, as in a HeldSet.
template <typename HeldAt> void writeEdge(const EdgeFacts &edge, HeldAt heldAt) {
  std::uint32_t thread = segmentAt(edge.segment).thread;
  writeThread(thread);
  writeSegments(edge.segment);
  writeLock(edge.from);
  writeLock(edge.to);
  for (std::uint32_t i = 0; i < edge.heldCount; ++i)
    writeLock(heldAt(i) >> 1);
  if (edge.outerStack)
    writeStack(edge.outerStack, storedStack(edge.outerStack));
  if (edge.innerStack)
    writeStack(edge.innerStack, storedStack(edge.innerStack));
  std::size_t bytes = rounded(sizeof(gridlock_trace_edge) + edge.heldCount * sizeof(gridlock_trace_held));
  auto *record = static_cast<gridlock_trace_edge *>(reserve(bytes));
  if (!record)
    return;
  record->from = edge.from;
  record->to = edge.to;
  record->thread = thread;
  record->segment = edge.segment;
  record->outer_stack = edge.outerStack;
  record->inner_stack = edge.innerStack;
  record->shared = edge.mode == LockMode::Shared;
  record->held_count = edge.heldCount;
  for (std::uint32_t i = 0; i < edge.heldCount; ++i)
    record->held[i] = {heldAt(i) >> 1, heldAt(i) & 1};
  commit(record->record, GRIDLOCK_TRACE_EDGE, bytes);
}

} // namespace

InternalLock &traceLock() { return Guard; }

void openTrace(std::uint32_t parent) {
  if (!options.trace[0])
    return;
  InternalGuard guard(Guard);
  stop();
  if (parent)
    waitCounts.store(&ownCounts, std::memory_order_release); // the parent's page counts for the parent
  for (Bits *bits : {&modulesWritten, &threadsWritten, &locksWritten, &stacksWritten})
    bits->clear();
  segmentsWritten = 0;
  char storage[sizeof(options.trace) + 32], firstStorage[sizeof(storage) + 8];
  Writer path(storage, sizeof(storage)), first(firstStorage, sizeof(firstStorage));
  bool named = false;
  for (const char *at = options.trace; *at; ++at) {
    if (at[0] == '%' && at[1] == 'p') {
      path.number(static_cast<std::uint64_t>(getpid()));
      named = true;
      ++at;
    } else {
      path.character(*at);
    }
  }
  // A second process must not write over the first one's file.
  if (parent && !named)
    path.character('.').number(static_cast<std::uint64_t>(getpid()));
  path.character(0);
  // A process may be killed at any moment: the file gets its name when it is a trace.
  first.text(path.data()).text(".new").character(0);
  file = open(first.data(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0 || !mapWindow(0)) {
    int error = errno;
    Writer message;
    message.text("gridlock: warning: cannot write the trace '").text(path.data()).text("': ");
    message.text(strerrordesc_np(error)).text("\n");
    message.flushTo(2);
    stop();
    return;
  }
  auto *header = reinterpret_cast<gridlock_trace_header *>(window);
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  header->version = GRIDLOCK_TRACE_VERSION;
  header->header_bytes = sizeof(*header);
  header->process = static_cast<std::uint32_t>(getpid());
  header->parent = parent;
  header->start = static_cast<std::uint64_t>(now.tv_sec) * 1000000000u + static_cast<std::uint64_t>(now.tv_nsec);
  std::memcpy(header->magic, GRIDLOCK_TRACE_MAGIC, sizeof(header->magic));
  used = sizeof(*header);
  countInHeader(parent != 0);
  rename(first.data(), path.data());
}

void countWait(bool known) {
  WaitCounts &counts = *waitCounts.load(std::memory_order_acquire);
  (known ? counts.known : counts.unknown).fetch_add(1, std::memory_order_relaxed);
}

void uncountWait() { waitCounts.load(std::memory_order_acquire)->unknown.fetch_sub(1, std::memory_order_relaxed); }

std::uint64_t waitsCounted(bool known) {
  const WaitCounts &counts = *waitCounts.load(std::memory_order_acquire);
  return (known ? counts.known : counts.unknown).load(std::memory_order_relaxed);
}

void traceEdge(const Edge &edge, const Context &context) {
  if (!options.trace[0])
    return;
  InternalGuard guard(Guard);
  if (!window)
    return;
  const HeldSet &held = heldSet(context.heldSet);
  writeEdge({edge.from, edge.to, context.segment, context.outerStack, context.innerStack, context.mode, held.count},
            [&](std::uint32_t i) { return held.items[i]; });
}

void traceWrittenDown(const JournalEntry &entry) {
  if (!options.trace[0])
    return;
  InternalGuard guard(Guard);
  for (std::uint32_t i = 0; i < entry.count && window; ++i)
    writeEdge({entry.items[i].lock, entry.lock, entry.segment, entry.items[i].stack, entry.innerStack,
               LockMode::Exclusive, entry.count},
              [&](std::uint32_t k) { return entry.items[k].lock << 1; });
}

void traceReport(Problem problem, const char *text, std::size_t length, const ReportPart *parts, unsigned count) {
  if (!options.trace[0])
    return;
  InternalGuard guard(Guard);
  if (!window)
    return;
  for (unsigned i = 0; i < count; ++i) {
    writeThread(parts[i].thread);
    writeLock(parts[i].lock);
    if (parts[i].stack)
      writeStack(parts[i].stack, storedStack(parts[i].stack));
  }
  const char *name = problemName(problem);
  std::size_t nameLength = std::strlen(name);
  std::size_t bytes = rounded(sizeof(gridlock_trace_report) + nameLength + length);
  auto *record = static_cast<gridlock_trace_report *>(reserve(bytes));
  if (!record)
    return;
  record->problem_bytes = static_cast<std::uint16_t>(nameLength);
  record->text_bytes = static_cast<std::uint32_t>(length);
  std::memcpy(record->text, name, nameLength);
  std::memcpy(record->text + nameLength, text, length);
  commit(record->record, GRIDLOCK_TRACE_REPORT, bytes);

  bytes = rounded(sizeof(gridlock_trace_report_parts) + count * sizeof(gridlock_trace_part));
  auto *list = static_cast<gridlock_trace_report_parts *>(reserve(bytes));
  if (!list)
    return;
  list->part_count = count;
  for (unsigned i = 0; i < count; ++i)
    list->parts[i] = {parts[i].begin, parts[i].end, parts[i].stack, parts[i].thread, parts[i].lock, 0};
  commit(list->record, GRIDLOCK_TRACE_REPORT_PARTS, bytes);
}

} // namespace gridlock::rt
