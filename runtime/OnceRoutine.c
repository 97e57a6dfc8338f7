/*===- OnceRoutine.c - Runs a once routine to its end or out of it --------===*\
|*
|* Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===----------------------------------------------------------------------===*/
/*
 * The routine of pthread_once may be left by an exception or by cancellation;
 * then the flag is free again, and must leave the held list. This is the only
 * place where unwinding through the run time has to do something. In C, because
 * the clean-up attribute then needs nothing but libgcc.
 */

void gridlock_once_left(void *flag);

static void leaveOnce(void **flag) { gridlock_once_left(*flag); }

void gridlock_run_once(void (*routine)(void), void *flag) {
  void *held __attribute__((cleanup(leaveOnce))) = flag;
  routine();
}
