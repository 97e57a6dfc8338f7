//===- Framing.cpp - Messages of the language server protocol -------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "integrations/lsp_proxy/Framing.h"
#include "llvm/ADT/StringExtras.h"
#include <cerrno>
#include <unistd.h>

namespace gridlock::integrations {

// Longer ones are taken for damage.
static constexpr std::size_t longestMessage = std::size_t(1) << 30;
static constexpr std::size_t longestHeaderLine = 1 << 16;

bool MessageReader::fill() {
  if (Used) {
    Data.erase(0, Used);
    Used = 0;
  }
  char some[1 << 16];
  ssize_t count;
  do
    count = ::read(Descriptor, some, sizeof(some));
  while (count < 0 && errno == EINTR);
  if (count <= 0)
    return false;
  Data.append(some, static_cast<std::size_t>(count));
  return true;
}

std::optional<std::string> MessageReader::line() {
  for (;;) {
    std::size_t end = Data.find('\n', Used);
    if (end != std::string::npos) {
      std::string text = Data.substr(Used, end - Used);
      Used = end + 1;
      if (!text.empty() && text.back() == '\r')
        text.pop_back();
      return text;
    }
    if (Data.size() - Used > longestHeaderLine)
      Used = Data.size();
    if (!fill())
      return std::nullopt;
  }
}

std::optional<std::string> MessageReader::next() {
  for (;;) {
    std::size_t length = 0;
    bool hasLength = false;
    for (;;) {
      std::optional<std::string> header = line();
      if (!header)
        return std::nullopt;
      if (header->empty())
        break;
      // Where the last length was wrong, a header may stand behind the rest of
      // that message.
      llvm::StringRef rest = *header;
      std::size_t at = rest.rfind_insensitive("Content-Length:");
      if (at != llvm::StringRef::npos)
        hasLength = !rest.substr(at).split(':').second.trim().getAsInteger(10, length) && length <= longestMessage;
    }
    if (!hasLength)
      continue;
    while (Data.size() - Used < length)
      if (!fill())
        return std::nullopt;
    std::string json = Data.substr(Used, length);
    Used += length;
    return json;
  }
}

bool MessageWriter::write(llvm::StringRef json) {
  std::string message = "Content-Length: " + llvm::utostr(json.size()) + "\r\n\r\n";
  message += json;
  std::lock_guard<std::mutex> lock(Mutex);
  for (llvm::StringRef left = message; !left.empty();) {
    ssize_t count = ::write(Descriptor, left.data(), left.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return false;
    left = left.drop_front(static_cast<std::size_t>(count));
  }
  return true;
}

} // namespace gridlock::integrations
