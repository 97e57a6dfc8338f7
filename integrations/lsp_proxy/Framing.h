//===- Framing.h - Messages of the language server protocol -----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A message is a header that says its length, an empty line, and JSON.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_INTEGRATIONS_LSP_PROXY_FRAMING_H
#define GRIDLOCK_INTEGRATIONS_LSP_PROXY_FRAMING_H

#include "llvm/ADT/StringRef.h"
#include <mutex>
#include <optional>
#include <string>

namespace gridlock::integrations {

/// Reads messages from a descriptor, which it does not own. For one thread.
class MessageReader {
public:
  explicit MessageReader(int descriptor) : Descriptor(descriptor) {}

  /// The next message's JSON; nothing at the end of the stream. Header lines that
  /// are none, and headers without a length, are skipped. After a length that was
  /// wrong a message or two are lost, then reading is in step again.
  std::optional<std::string> next();

private:
  bool fill();
  std::optional<std::string> line();

  int Descriptor;
  std::string Data;
  std::size_t Used = 0; ///< bytes of `Data` that are done with
};

/// Writes messages to a descriptor, which it does not own. Any thread.
class MessageWriter {
public:
  explicit MessageWriter(int descriptor) : Descriptor(descriptor) {}

  /// \returns false when the other side has gone.
  bool write(llvm::StringRef json);

private:
  std::mutex Mutex;
  int Descriptor;
};

} // namespace gridlock::integrations

#endif // GRIDLOCK_INTEGRATIONS_LSP_PROXY_FRAMING_H
