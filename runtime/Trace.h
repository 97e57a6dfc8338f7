/*===- Trace.h - The file format of run-time traces ---------------*- C -*-===*\
|*
|* Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===----------------------------------------------------------------------===*/
/**
 * A trace is what the run time of one process saw: its modules, threads, locks,
 * stacks, the edges of its lock-order graph with their contexts, and its
 * reports. It is a file of records that is only ever appended to; the process
 * writes it through a shared mapping, so it is whole up to the last record even
 * when the process was killed.
 *
 * Layout. A `gridlock_trace_header`, then records. Every record begins with a
 * `gridlock_trace_record` and is aligned to 8 bytes; `bytes` is its whole
 * length, a multiple of 8, so unknown kinds can be skipped. `kind` is written
 * last: a record of kind 0 is the end of the trace (the rest of the file is
 * unused space). Strings are counted, not ended by a zero.
 *
 * All numbers are little-endian. Ids are per process and count from 1; 0 means
 * "none". A record always comes after the records that it names.
 *
 * Readers must check `magic`, `version` and every length: a trace may come from
 * another machine.
 */

#ifndef GRIDLOCK_RUNTIME_TRACE_H
#define GRIDLOCK_RUNTIME_TRACE_H

#include <stdint.h>

#define GRIDLOCK_TRACE_MAGIC "GRIDLKTR"
#define GRIDLOCK_TRACE_VERSION 1u

struct gridlock_trace_header {
  char magic[8];
  uint32_t version;
  uint32_t header_bytes; /* the first record starts here */
  uint32_t process;      /* process id */
  uint32_t parent;       /* of a forked child that had the run time: that process; else 0 */
  uint64_t start;        /* CLOCK_REALTIME, nanoseconds */
  /* Counted up while the process runs: how often a thread blocked on something
   * that the run time knows (locks, conditions, semaphores, joins, children), and
   * on a bare futex. A trace with a shorter header has no such counts. */
  uint64_t waits_known;
  uint64_t waits_unknown;
};

enum gridlock_trace_kind {
  GRIDLOCK_TRACE_END = 0,
  GRIDLOCK_TRACE_MODULE = 1,
  GRIDLOCK_TRACE_THREAD = 2,
  GRIDLOCK_TRACE_LOCK = 3,
  GRIDLOCK_TRACE_STACK = 4,
  GRIDLOCK_TRACE_EDGE = 5,
  GRIDLOCK_TRACE_REPORT = 6,
  GRIDLOCK_TRACE_REPORT_PARTS = 7,
  GRIDLOCK_TRACE_SEGMENT = 8,
};

struct gridlock_trace_record {
  uint32_t kind;
  uint32_t bytes;
};

/* A loaded object. Offsets in frames are relative to its load address. */
struct gridlock_trace_module {
  struct gridlock_trace_record record;
  uint32_t id;
  uint8_t build_id_bytes;
  uint8_t build_id[20];
  uint8_t unused;
  uint16_t path_bytes;
  char path[];
};

struct gridlock_trace_thread {
  struct gridlock_trace_record record;
  uint32_t id;
  uint32_t system_id; /* gettid */
  uint32_t created_by;
  uint32_t create_stack;
  char name[16]; /* ended by a zero when shorter */
};

enum gridlock_trace_lock_kind {
  GRIDLOCK_LOCK_MUTEX = 0,
  GRIDLOCK_LOCK_RWLOCK = 1,
  GRIDLOCK_LOCK_SPIN = 2,
  GRIDLOCK_LOCK_SEMAPHORE = 3,
  GRIDLOCK_LOCK_ONCE = 4,
  GRIDLOCK_LOCK_STATIC_INIT = 5,
  GRIDLOCK_LOCK_CONDITION = 6,
  GRIDLOCK_LOCK_CUSTOM = 7,
};

/* Written when the lock first takes part in an edge. */
struct gridlock_trace_lock {
  struct gridlock_trace_record record;
  uint32_t id;
  uint8_t lock_kind;
  uint8_t recursive;
  uint16_t name_bytes; /* given by the program; may be 0 */
  uint64_t address;
  /* Where the lock lies, when inside a module: survives address randomisation. */
  uint32_t module;
  uint32_t init_stack;
  uint64_t offset;
  char name[];
};

/* A return address; the call is the instruction before it. */
struct gridlock_trace_frame {
  uint32_t module; /* 0: `offset` is the plain address */
  uint32_t flags;  /* GRIDLOCK_FRAME_INEXACT */
  uint64_t offset;
};
/* Right function, but the line may be a later one of the same call. */
#define GRIDLOCK_FRAME_INEXACT 1u

struct gridlock_trace_stack {
  struct gridlock_trace_record record;
  uint32_t id;
  uint32_t frame_count;
  struct gridlock_trace_frame frames[];
};

/* A lock in a held set. */
struct gridlock_trace_held {
  uint32_t lock;
  uint32_t shared; /* 1: held for reading */
};

/* A thread wanted `to` while it held `from` and the other locks of `held`. One
 * edge may come several times, with different contexts. */
struct gridlock_trace_edge {
  struct gridlock_trace_record record;
  uint32_t from;
  uint32_t to;
  uint32_t thread;
  uint32_t segment;
  uint32_t outer_stack; /* where `from` was taken */
  uint32_t inner_stack; /* where `to` was wanted */
  uint32_t shared;      /* 1: `to` was wanted for reading */
  uint32_t held_count;
  struct gridlock_trace_held held[];
};

struct gridlock_trace_report {
  struct gridlock_trace_record record;
  uint16_t problem_bytes; /* "lock-order-inversion", ... */
  uint16_t unused;
  uint32_t text_bytes;
  char text[]; /* the problem's name, then the text as printed */
};

/* Which part of a report's text speaks of which stack. */
struct gridlock_trace_part {
  uint32_t begin, end; /* the words before the stack, in the report's text */
  uint32_t stack;      /* 0: none was recorded */
  uint32_t thread;     /* who; 0: nobody */
  uint32_t lock;       /* the lock last named; 0: none */
  uint32_t unused;
};

/* Comes directly after the report that it belongs to. */
struct gridlock_trace_report_parts {
  struct gridlock_trace_record record;
  uint32_t part_count;
  uint32_t unused;
  struct gridlock_trace_part parts[];
};

/* A stretch of a thread's life between two creations or joins of threads. What
 * is before `previous` ended, or before `joined` ended, is over when it begins.
 * All segments that edges name are written, and all before them. */
struct gridlock_trace_segment {
  struct gridlock_trace_record record;
  uint32_t id;
  uint32_t thread;
  uint32_t previous; /* of the same thread, or the creator's; 0: none */
  uint32_t joined;   /* the last segment of a thread that was joined; 0: none */
};

#endif /* GRIDLOCK_RUNTIME_TRACE_H */
