//===- Arena.cpp - Memory that is never given back ------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/Arena.h"

#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gridlock::rt {

namespace {
void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}
} // namespace

void InternalLock::lockSlowly() {
  for (int spin = 0; spin < 64; ++spin) {
    std::uint32_t expected = 0;
    if (State.compare_exchange_weak(expected, 1, std::memory_order_acquire, std::memory_order_relaxed))
      return;
    relax();
  }
  while (State.exchange(2, std::memory_order_acquire) != 0)
    syscall(SYS_futex, &State, FUTEX_WAIT_PRIVATE, 2, nullptr, nullptr, 0);
}

void InternalLock::wake() { syscall(SYS_futex, &State, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0); }

namespace {
constexpr std::size_t ChunkBytes = 256 * 1024;
constexpr std::size_t HugeFrom = 2u << 20;
/// From here on the kernel gives memory in its big pages: looking things up in
/// many small ones would miss the processor's table of pages at each step.
constexpr std::size_t BigPage = 2u << 20;
constexpr std::size_t BigChunksFrom = 2u << 20;
constexpr std::size_t BigChunk = 2 * BigPage;
InternalLock Guard;
char *Next = nullptr;
char *End = nullptr;
std::size_t Total = 0;

void newChunk() {
  if (Total < BigChunksFrom) {
    Next = static_cast<char *>(mapPages(ChunkBytes));
    End = Next + ChunkBytes;
    return;
  }
  std::uintptr_t start = reinterpret_cast<std::uintptr_t>(mapPages(BigChunk + BigPage));
  std::uintptr_t aligned = (start + BigPage - 1) & ~(BigPage - 1);
  if (aligned != start)
    munmap(reinterpret_cast<void *>(start), aligned - start);
  if (aligned != start + BigPage)
    munmap(reinterpret_cast<void *>(aligned + BigChunk), start + BigPage - aligned);
  madvise(reinterpret_cast<void *>(aligned), BigChunk, MADV_HUGEPAGE);
  Next = reinterpret_cast<char *>(aligned);
  End = Next + BigChunk;
}
} // namespace

InternalLock &arenaLock() { return Guard; }

void *mapSparsePages(std::size_t bytes) {
  void *memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    static const char text[] = "gridlock: error: no memory left for the lock graph\n";
    (void)!write(STDERR_FILENO, text, sizeof(text) - 1);
    _exit(1);
  }
  return memory;
}

void *mapPages(std::size_t bytes) {
  void *memory = mapSparsePages(bytes);
  // Big tables are looked at in random places: fewer address translations.
  if (bytes >= HugeFrom)
    madvise(memory, bytes, MADV_HUGEPAGE);
  return memory;
}

void unmapPages(void *address, std::size_t bytes) { munmap(address, bytes); }

void *arenaAllocate(std::size_t bytes) {
  std::size_t alignment = bytes >= 64 ? 64 : 16; // big things begin with a line of the cache
  bytes = (bytes + alignment - 1) & ~(alignment - 1);
  InternalGuard guard(Guard);
  Total += bytes;
  if (bytes > BigChunk / 4 || (bytes >= ChunkBytes / 4 && Total < BigChunksFrom))
    return mapPages((bytes + 4095) & ~std::size_t(4095));
  Next = reinterpret_cast<char *>((reinterpret_cast<std::uintptr_t>(Next) + alignment - 1) & ~(alignment - 1));
  if (Next > End || static_cast<std::size_t>(End - Next) < bytes)
    newChunk();
  void *result = Next;
  Next += bytes;
  return result;
}

} // namespace gridlock::rt
