//===- SourceCache.cpp - The lines of source files --------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/finding/SourceCache.h"
#include "llvm/ADT/StringExtras.h"

namespace gridlock {

SourceCache::SourceCache(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> fileSystem)
    : FileSystem(std::move(fileSystem)) {}

const SourceCache::File &SourceCache::load(llvm::StringRef file) {
  auto [entry, isNew] = Files.try_emplace(file);
  File &loaded = entry->second;
  if (!isNew)
    return loaded;
  // Volatile: an editor may rewrite the file while we hold it, and a mapped
  // file that shrinks is a crash.
  auto buffer = FileSystem->getBufferForFile(file, /*FileSize=*/-1, /*RequiresNullTerminator=*/false,
                                             /*IsVolatile=*/true);
  if (!buffer)
    return loaded;
  loaded.buffer = std::move(*buffer);
  llvm::StringRef text = loaded.buffer->getBuffer();
  if (!text.empty())
    loaded.lineStarts.push_back(0);
  for (std::size_t at = text.find('\n'); at != llvm::StringRef::npos; at = text.find('\n', at + 1))
    if (at + 1 < text.size())
      loaded.lineStarts.push_back(at + 1);
  return loaded;
}

llvm::StringRef SourceCache::text(llvm::StringRef file) {
  const File &loaded = load(file);
  return loaded.buffer ? loaded.buffer->getBuffer() : llvm::StringRef();
}

bool SourceCache::isReadable(llvm::StringRef file) { return load(file).buffer != nullptr; }

llvm::StringRef SourceCache::line(llvm::StringRef file, unsigned number) {
  const File &loaded = load(file);
  if (number == 0 || number > loaded.lineStarts.size())
    return {};
  llvm::StringRef rest = loaded.buffer->getBuffer().substr(loaded.lineStarts[number - 1]);
  return rest.take_until([](char c) { return c == '\n'; }).rtrim('\r');
}

unsigned SourceCache::lineCount(llvm::StringRef file) { return load(file).lineStarts.size(); }

unsigned endOfToken(llvm::StringRef line, unsigned column) {
  if (column == 0)
    return 0;
  auto isWord = [](char c) { return llvm::isAlnum(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80; };
  std::size_t end = column - 1;
  while (end < line.size() && isWord(line[end]))
    ++end;
  return end == column - 1 ? column + 1 : static_cast<unsigned>(end) + 1;
}

} // namespace gridlock
