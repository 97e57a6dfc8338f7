//===- PreambleTest.cpp - A file parsed behind its headers ----------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/facts/Preamble.h"
#include "engine/summary/Store.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <map>

namespace gridlock::facts::test {
namespace {

using testing::HasSubstr;

constexpr const char *header = R"(
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
class Account {
public:
  void pay(int sum) { std::lock_guard<std::mutex> guard(Lock); Sum += sum; }
  int sum() const;
private:
  mutable std::mutex Lock;
  int Sum = 0;
};
template <class F> void locked(std::mutex &lock, F body) { std::lock_guard<std::mutex> guard(lock); body(); }
inline std::mutex global;
inline int counter = 0;
inline void count() { locked(global, [] { ++counter; }); }
)";
constexpr const char *source = R"(#include "account.h"
int Account::sum() const { std::lock_guard<std::mutex> guard(Lock); return Sum; }
void run(Account &account) {
  std::thread([&] { account.pay(1); }).join();
  locked(global, [&] { account.pay(2); });
  count();
}
)";

/// A file system on which the texts lie over the disk, with its standard library.
class PreambleTest : public testing::Test {
protected:
  std::map<std::string, std::string> Texts{{"/src/account.h", header}, {"/src/a.cpp", source}};
  Preamble Headers;
  const CompileJob Job{"/src/a.cpp", "/src", {"clang++", "-std=c++20", "/src/a.cpp"}};

  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files() {
    auto memory = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
    for (const auto &[path, text] : Texts)
      memory->addFile(path, 0, llvm::MemoryBuffer::getMemBufferCopy(text, path));
    auto both = llvm::makeIntrusiveRefCnt<llvm::vfs::OverlayFileSystem>(llvm::vfs::createPhysicalFileSystem());
    both->pushOverlay(memory);
    return both;
  }

  std::unique_ptr<ir::Unit> behind() {
    Extraction extraction = extract(Job, files(), Headers);
    EXPECT_TRUE(extraction.unit) << extraction.failure;
    if (llvm::Error error = ir::verifyUnit(*extraction.unit))
      ADD_FAILURE() << llvm::toString(std::move(error));
    return std::move(extraction.unit);
  }
  std::unique_ptr<ir::Unit> whole() { return extract(Job, files()).unit; }

  /// What each function does, by its stable name.
  static std::map<std::string, std::uint64_t> bodies(const ir::Unit &unit) {
    std::map<std::string, std::uint64_t> result;
    for (const ir::Function &function : unit.functions)
      if (function.blocks.count)
        result[std::string(unit.text(function.usr))] = function.bodyHash;
    return result;
  }
  static std::map<std::string, std::uint64_t> read(const ir::Unit &unit) {
    std::map<std::string, std::uint64_t> result;
    for (const ir::File &file : llvm::ArrayRef(unit.files).drop_front())
      result[std::string(unit.text(file.path))] = file.contentHash;
    return result;
  }
};

TEST_F(PreambleTest, TheUnitIsThatOfTheWholeFile) {
  std::unique_ptr<ir::Unit> expected = whole();
  EXPECT_EQ(expected->errorCount, 0u);
  EXPECT_GE(bodies(*expected).size(), 8u);
  for (int round = 0; round != 2; ++round) { // made, then used again
    std::unique_ptr<ir::Unit> unit = behind();
    EXPECT_EQ(unit->errorCount, 0u);
    EXPECT_EQ(bodies(*unit), bodies(*expected));
    EXPECT_EQ(read(*unit), read(*expected));
    EXPECT_EQ(unit->text(unit->files[unit->mainFile].path), "/src/a.cpp");
  }
}

TEST_F(PreambleTest, ChangesBehindItAndInItAreSeen) {
  behind();
  Texts["/src/a.cpp"] += "void more(Account &account) { account.pay(3); }\n";
  EXPECT_EQ(bodies(*behind()), bodies(*whole()));
  Texts["/src/account.h"] += "inline void other() { global.lock(); global.unlock(); }\n";
  std::unique_ptr<ir::Unit> unit = behind();
  EXPECT_EQ(bodies(*unit), bodies(*whole()));
  EXPECT_EQ(read(*unit), read(*whole()));
  Texts["/src/a.cpp"] = "#include <vector>\n" + Texts["/src/a.cpp"];
  EXPECT_EQ(bodies(*behind()), bodies(*whole()));
}

TEST_F(PreambleTest, ErrorsInHeadersCountEachTime) {
  Texts["/src/account.h"] = "#include \"missing.h\"\n" + Texts["/src/account.h"];
  for (int round = 0; round != 2; ++round) {
    std::unique_ptr<ir::Unit> unit = behind();
    EXPECT_EQ(unit->errorCount, 1u);
    EXPECT_THAT(std::string(unit->text(unit->firstError)), HasSubstr("'missing.h' file not found"));
  }
  Texts["/src/missing.h"] = "";
  EXPECT_EQ(behind()->errorCount, 0u);
}

TEST_F(PreambleTest, AFileWithoutHeadersNeedsNone) {
  Texts["/src/a.cpp"] = "int f() { return 1; }\n";
  EXPECT_EQ(bodies(*behind()).size(), bodies(*whole()).size());
}

} // namespace
} // namespace gridlock::facts::test
