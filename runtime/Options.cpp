//===- Options.cpp - GRIDLOCK_OPTIONS -------------------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/Options.h"
#include "runtime/Writer.h"

#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace gridlock::rt {

Options options;

namespace {

struct Setting {
  const char *name;
  enum { Boolean, Number, Text } type;
  void *target;
};

constexpr std::size_t TextBytes = sizeof(options.logPath);
/// `nested` is read by gridlock/acquire.h itself; here it is only known.
char nestedUnused[TextBytes];

const Setting settings[] = {
    {"enabled", Setting::Boolean, &options.enabled},
    {"halt_on_error", Setting::Boolean, &options.haltOnError},
    {"abort_on_error", Setting::Boolean, &options.abortOnError},
    {"exitcode", Setting::Number, &options.exitCode},
    {"log_path", Setting::Text, options.logPath},
    {"trace", Setting::Text, options.trace},
    {"verbosity", Setting::Number, &options.verbosity},
    {"history", Setting::Number, &options.history},
    {"watchdog_ms", Setting::Number, &options.watchdogMs},
    {"track_free", Setting::Boolean, &options.trackFree},
    {"pipes", Setting::Boolean, &options.pipes},
    {"slow_ms", Setting::Number, &options.slowMs},
    {"semaphores", Setting::Boolean, &options.semaphores},
    {"suppressions", Setting::Text, options.suppressions},
    {"provoke", Setting::Text, options.provoke},
    {"provoke_ms", Setting::Number, &options.provokeMs},
    {"provoke_end", Setting::Number, &options.provokeEnd},
    {"nested", Setting::Text, nestedUnused},
};

void warn(const char *problem, const char *text, std::size_t length) {
  Writer writer;
  writer.text("gridlock: warning: GRIDLOCK_OPTIONS: ").text(problem).text(" '");
  for (std::size_t i = 0; i < length && i < 200; ++i)
    writer.character(text[i]);
  writer.text("'\n");
  writer.flushTo(2);
}

bool isSeparator(char c) { return c == ':' || c == ' ' || c == ',' || c == '\n' || c == '\t'; }

/// One `name=value`. Returns false when the name or the value is not known.
bool apply(const char *name, std::size_t nameLength, const char *value, std::size_t valueLength) {
  for (const Setting &setting : settings) {
    if (std::strlen(setting.name) != nameLength || std::memcmp(setting.name, name, nameLength) != 0)
      continue;
    if (setting.type == Setting::Text) {
      if (valueLength >= TextBytes)
        return false;
      std::memcpy(setting.target, value, valueLength);
      static_cast<char *>(setting.target)[valueLength] = 0;
      return true;
    }
    if (valueLength == 0 || valueLength > 9)
      return false;
    int number = 0;
    for (std::size_t i = 0; i < valueLength; ++i) {
      if (value[i] < '0' || value[i] > '9')
        return false;
      number = number * 10 + (value[i] - '0');
    }
    if (setting.type == Setting::Boolean) {
      if (number > 1)
        return false;
      *static_cast<bool *>(setting.target) = number != 0;
    } else {
      *static_cast<int *>(setting.target) = number;
    }
    return true;
  }
  return false;
}

} // namespace

void readOptions(const char *text) {
  if (!text)
    return;
  while (*text) {
    if (isSeparator(*text)) {
      ++text;
      continue;
    }
    const char *end = text;
    while (*end && !isSeparator(*end))
      ++end;
    const char *equals = static_cast<const char *>(std::memchr(text, '=', static_cast<std::size_t>(end - text)));
    if (!equals)
      warn("expected name=value, got", text, static_cast<std::size_t>(end - text));
    else if (!apply(text, static_cast<std::size_t>(equals - text), equals + 1,
                    static_cast<std::size_t>(end - equals - 1)))
      warn("unknown name or bad value in", text, static_cast<std::size_t>(end - text));
    text = end;
  }
  if (options.history < 2)
    options.history = 2;
  if (options.history > 64)
    options.history = 64;
}

} // namespace gridlock::rt
