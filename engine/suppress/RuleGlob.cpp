//===- RuleGlob.cpp - Patterns of rules' names ----------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/suppress/RuleGlob.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

namespace gridlock::suppress {

bool matchesRuleGlob(llvm::StringRef glob, llvm::StringRef name) {
  llvm::SmallVector<llvm::StringRef, 4> parts;
  glob.split(parts, '*');
  if (parts.size() == 1)
    return glob == name;
  if (!name.consume_front(parts.front()) || !name.consume_back(parts.back()))
    return false;
  // The first place where a part fits leaves the most for those behind it.
  for (llvm::StringRef part : llvm::ArrayRef(parts).drop_front().drop_back()) {
    std::size_t at = name.find(part);
    if (at == llvm::StringRef::npos)
      return false;
    name = name.drop_front(at + part.size());
  }
  return true;
}

} // namespace gridlock::suppress
