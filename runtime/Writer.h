//===- Writer.h - Text in a fixed buffer, one write -------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Builds a message without malloc and stdio, and hands it to the kernel in one
/// `write`, so that messages of several threads and processes do not mix.
/// What does not fit is cut, with a last line that says so.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_RUNTIME_WRITER_H
#define GRIDLOCK_RUNTIME_WRITER_H

#include <cstddef>
#include <cstdint>

namespace gridlock::rt {

class Writer {
public:
  Writer() : Buffer(Inline), Capacity(sizeof(Inline)) {}
  Writer(char *buffer, std::size_t capacity) : Buffer(buffer), Capacity(capacity) {}

  Writer &text(const char *value);
  Writer &text(const char *value, std::size_t length);
  Writer &character(char value);
  Writer &number(std::uint64_t value);
  Writer &signedNumber(std::int64_t value);
  Writer &hexadecimal(std::uint64_t value);

  const char *data() const { return Buffer; }
  std::size_t size() const { return Size; }
  void clear() { Size = 0, Cut = false; }
  /// Writes everything to a descriptor and clears the buffer. Keeps errno.
  void flushTo(int descriptor);

private:
  char *Buffer;
  std::size_t Capacity;
  std::size_t Size = 0;
  bool Cut = false;
  char Inline[1024];
};

} // namespace gridlock::rt

#endif // GRIDLOCK_RUNTIME_WRITER_H
