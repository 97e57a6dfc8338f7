//===- InterposeFutex.cpp - Waits that no known lock explains -------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// std::atomic::wait, std::counting_semaphore, std::latch and many a home-made
// lock wait by calling `syscall(SYS_futex, ...)`. Who will wake them is not to
// be seen. They are counted, so that a run can say how much of its waiting was
// understood, and published, so that the watchdog can say that a thread that
// others wait for sits in such a wait. The C library's own locks do not come
// here: they contain the instruction.
//
// Anything may be called through `syscall`, also by the run time itself while
// it starts; so the call is made here, without the C library's function.
//
//===----------------------------------------------------------------------===//

#include "runtime/Interpose.h"
#include "runtime/TraceWriter.h"

#include <cerrno>
#include <cstdarg>
#include <linux/futex.h>
#include <sys/syscall.h>

using namespace gridlock::rt;

#if defined(__x86_64__)

namespace {

long call(long number, const long *arguments) {
  register long fourth asm("r10") = arguments[3];
  register long fifth asm("r8") = arguments[4];
  register long sixth asm("r9") = arguments[5];
  long result;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(arguments[0]), "S"(arguments[1]), "d"(arguments[2]), "r"(fourth), "r"(fifth),
                 "r"(sixth)
               : "rcx", "r11", "memory");
  if (result < 0 && result >= -4095) {
    errno = static_cast<int>(-result);
    return -1;
  }
  return result;
}

bool isWait(long number, long operation) {
  long command = operation & FUTEX_CMD_MASK;
  return number == SYS_futex && (command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET || command == FUTEX_LOCK_PI);
}

} // namespace

GRIDLOCK_EXPORT long syscall(long number, ...) noexcept {
  va_list list;
  va_start(list, number);
  long arguments[6];
  for (long &argument : arguments)
    argument = va_arg(list, long);
  va_end(list);
  if (GRIDLOCK_LIKELY(!isWait(number, arguments[1])))
    return call(number, arguments);
  ThreadState *thread = enter();
  if (!thread)
    return call(number, arguments);
  leave(thread);
  WaitScope scope(*thread, WaitKind::Futex, 0, LockMode::Exclusive, arguments[3] != 0, GRIDLOCK_FRAME);
  long result = call(number, arguments);
  if (result < 0 && errno == EAGAIN)
    uncountWait(); // the word had changed: it did not block
  return result;
}

#endif
