//===- Lower.h - Lowers snippets for tests -----------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Parses text from memory, checks the tables and prints functions. Snippets declare what they
/// need of the standard library themselves, so that a test takes milliseconds.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_TESTS_FACTS_LOWER_H
#define GRIDLOCK_TESTS_FACTS_LOWER_H

#include "engine/facts/Facts.h"
#include "engine/summary/Dump.h"
#include "engine/summary/Store.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"
#include <map>
#include <string>
#include <vector>

namespace gridlock::facts::test {

/// Declarations that many snippets share.
inline constexpr const char *guard = R"(
struct Mutex { void lock(); void unlock(); };
struct Guard { Guard(Mutex &); Guard(Guard &&); ~Guard(); explicit operator bool() const; int get(); };
extern Mutex m;
bool a(); bool b(); int use(int);
)";

struct Lowered {
  std::unique_ptr<ir::Unit> unit;

  ir::Index function(llvm::StringRef qualifiedName) const {
    for (ir::Index i = 1; i < unit->functions.size(); ++i)
      if (unit->text(unit->functions[i].qualifiedName) == std::string_view(qualifiedName))
        return i;
    return 0;
  }

  /// The function without its places in the source.
  std::string body(llvm::StringRef qualifiedName, bool withLocations = false) const {
    ir::DumpOptions options;
    options.withLocations = withLocations;
    std::string text;
    llvm::raw_string_ostream out(text);
    ir::dumpFunction(*unit, function(qualifiedName), out, options);
    return text;
  }

  const ir::Function &operator[](llvm::StringRef qualifiedName) const {
    return unit->functions[function(qualifiedName)];
  }
};

inline Lowered lower(const std::string &file, const std::vector<std::string> &flags,
                     const std::map<std::string, std::string> &files) {
  auto memory = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
  for (const auto &[path, text] : files)
    memory->addFile(path, 0, llvm::MemoryBuffer::getMemBufferCopy(text, path));
  CompileJob job;
  job.file = file;
  job.directory = "/src";
  job.arguments = {"clang", "-nostdinc"};
  job.arguments.insert(job.arguments.end(), flags.begin(), flags.end());
  job.arguments.push_back(file);
  Extraction extraction = extract(job, memory);
  if (extraction.unit)
    if (llvm::Error error = ir::verifyUnit(*extraction.unit))
      ADD_FAILURE() << llvm::toString(std::move(error));
  return {std::move(extraction.unit)};
}

inline Lowered lowerCpp(const std::string &text) { return lower("/src/a.cpp", {"-std=c++20"}, {{"/src/a.cpp", text}}); }
inline Lowered lowerCpp23(const std::string &text) {
  return lower("/src/a.cpp", {"-std=c++23"}, {{"/src/a.cpp", text}});
}
inline Lowered lowerWithGuard(const std::string &text) { return lowerCpp(guard + text); }
inline Lowered lowerC(const std::string &text) { return lower("/src/a.c", {"-std=gnu17"}, {{"/src/a.c", text}}); }

} // namespace gridlock::facts::test

#endif // GRIDLOCK_TESTS_FACTS_LOWER_H
