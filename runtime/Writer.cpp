//===- Writer.cpp - Text in a fixed buffer, one write ---------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/Writer.h"

#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace gridlock::rt {

namespace {
constexpr char CutText[] = "\n[message cut]\n";
}

Writer &Writer::text(const char *value, std::size_t length) {
  std::size_t room = Capacity - sizeof(CutText) - Size;
  if (length > room) {
    length = room;
    Cut = true;
  }
  std::memcpy(Buffer + Size, value, length);
  Size += length;
  return *this;
}

Writer &Writer::text(const char *value) { return text(value, std::strlen(value)); }

Writer &Writer::character(char value) { return text(&value, 1); }

Writer &Writer::number(std::uint64_t value) {
  char digits[20];
  std::size_t used = 0;
  do {
    digits[sizeof(digits) - ++used] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value);
  return text(digits + sizeof(digits) - used, used);
}

Writer &Writer::signedNumber(std::int64_t value) {
  if (value >= 0)
    return number(static_cast<std::uint64_t>(value));
  return character('-').number(0 - static_cast<std::uint64_t>(value));
}

Writer &Writer::hexadecimal(std::uint64_t value) {
  char digits[16];
  std::size_t used = 0;
  do {
    digits[sizeof(digits) - ++used] = "0123456789abcdef"[value & 15];
    value >>= 4;
  } while (value);
  text("0x", 2);
  return text(digits + sizeof(digits) - used, used);
}

void Writer::flushTo(int descriptor) {
  int saved = errno;
  if (Cut) {
    std::memcpy(Buffer + Size, CutText, sizeof(CutText) - 1);
    Size += sizeof(CutText) - 1;
  }
  const char *next = Buffer;
  while (Size) {
    ssize_t written = write(descriptor, next, Size);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      break;
    next += written;
    Size -= static_cast<std::size_t>(written);
  }
  clear();
  errno = saved;
}

} // namespace gridlock::rt
