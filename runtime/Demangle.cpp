//===- Demangle.cpp - Readable names without malloc -----------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/Demangle.h"

#include <cstring>

namespace gridlock::rt {

namespace {

struct Part {
  const char *text;
  std::size_t length;
};
constexpr unsigned MostParts = 16;

/// Reads `<length><identifier>`; null when there is none.
const char *readPart(const char *at, Part &part) {
  if (*at < '1' || *at > '9')
    return nullptr;
  std::size_t length = 0;
  while (*at >= '0' && *at <= '9' && length < 1000)
    length = length * 10 + static_cast<std::size_t>(*at++ - '0');
  if (strnlen(at, length) != length)
    return nullptr;
  part = {at, length};
  return at + length;
}

/// The parts of a name; 0 when it has anything but plain identifiers,
/// constructors and destructors.
unsigned readName(const char *at, Part *parts) {
  unsigned count = 0;
  bool nested = *at == 'N';
  if (nested)
    ++at;
  while (nested && (*at == 'K' || *at == 'V'))
    ++at;
  if (*at == 'L') // internal linkage
    ++at;
  if (at[0] == 'S' && at[1] == 't') {
    parts[count++] = {"std", 3};
    at += 2;
  }
  do {
    if (*at == 'L')
      ++at;
    Part part;
    if (const char *next = readPart(at, part)) {
      parts[count++] = part.length == 12 && std::memcmp(part.text, "_GLOBAL__N_1", 12) == 0
                           ? Part{"(anonymous namespace)", 21}
                           : part;
      at = next;
    } else if (nested && count && (*at == 'C' || *at == 'D') && at[1] >= '0' && at[1] <= '5') {
      // Parts are written with a tilde when the text pointer says so.
      Part type = parts[count - 1];
      if (*at == 'D')
        parts[count++] = {"~", 1};
      parts[count++] = type;
      at += 2;
    } else if (nested && *at == 'E') {
      break;
    } else {
      return 0;
    }
    if (count + 2 >= MostParts || *at == 'I')
      return 0;
  } while (nested);
  return count;
}

} // namespace

void writeDemangled(Writer &writer, const char *name) {
  Part parts[MostParts];
  unsigned count = 0;
  if (name[0] == '_' && name[1] == 'Z') {
    const char *at = name + 2;
    bool guard = at[0] == 'G' && at[1] == 'V';
    count = readName(guard ? at + 2 : at, parts);
  }
  if (!count) {
    writer.text(name);
    return;
  }
  for (unsigned i = 0; i < count; ++i) {
    writer.text(parts[i].text, parts[i].length);
    bool isTilde = parts[i].length == 1 && parts[i].text[0] == '~';
    if (i + 1 < count && !isTilde)
      writer.text("::");
  }
}

} // namespace gridlock::rt
