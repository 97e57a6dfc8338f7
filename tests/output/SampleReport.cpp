//===- SampleReport.cpp - Findings and sources for the tests ----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SampleReport.h"
#include "gtest/gtest.h"
#include <cstdlib>

namespace gridlock::output {

static constexpr char BankSource[] = R"(#include "bank.h"

void Bank::transfer(Account &from, Account &to) {
	std::lock_guard<std::mutex> first(from.mutex);
	std::lock_guard<std::mutex> second(to.mutex); // größer
	from.balance -= 1;
	to.balance += 1;
}

void Bank::audit() {
  std::lock_guard<std::mutex> guard(log.mutex);
  for (Account &account : accounts)
    account.print();
}

void Account::print() {
  std::lock_guard<std::mutex> guard(mutex);
  /* 💰 */ log.write(balance);
}
)";

static constexpr char CounterSource[] = R"(struct Counter {
  int value = 0;
  void increment() { ++value; }
};
)";

static llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> sampleFiles() {
  auto files = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
  auto add = [&](llvm::StringRef path, llvm::StringRef text) {
    files->addFile(path, 0, llvm::MemoryBuffer::getMemBuffer(text, path));
  };
  add("/project/src/bank.cpp", BankSource);
  add("/project/src/a counter.h", CounterSource);
  add("/elsewhere/run.cpp", "int run() { return system(\"make <all> & wait\"); }\n");
  return files;
}

static SourceLocation at(llvm::StringRef file, unsigned line, unsigned column, unsigned endColumn = 0) {
  return {file.str(), line, column, endColumn, {}};
}

static Finding lockOrder() {
  const char *file = "/project/src/bank.cpp";
  Finding finding;
  finding.rule = "lock-order-inversion";
  finding.message = "`Account::mutex` and `Bank::log.mutex` are taken in opposite orders";
  finding.help = "take both at once with `std::scoped_lock`, or always in one order";
  finding.severity = Severity::Error;
  finding.confidence = Confidence::High;
  finding.location = at(file, 17, 31);
  finding.identity = {"Account::mutex", "Bank::log.mutex"};
  finding.cycle = {{"Bank::log.mutex", "Account::mutex", 0}, {"Account::mutex", "Bank::log.mutex", 1}};
  finding.threads = {{"Thread 1: started at main.cpp:12 (`auditor`)",
                      {{at(file, 11, 31), "acquires `Bank::log.mutex`", {}, 0, "Bank::audit"},
                       {at(file, 13, 5), "calls `Account::print`", {"Bank::log.mutex"}, 0, "Bank::audit"},
                       {at(file, 17, 31), "acquires `Account::mutex`", {"Bank::log.mutex"}, 1, "Account::print"}}},
                     {"Thread 2: `main`",
                      {{at(file, 17, 31), "acquires `Account::mutex`", {}, 0, "Account::print"},
                       {at(file, 18, 14), "calls `Log::write`", {"Account::mutex"}, 0, "Account::print"},
                       {SourceLocation{"/project/src/log.cpp", 7, 3, 0, "LOCK"},
                        "acquires `Bank::log.mutex`",
                        {"Account::mutex"},
                        1,
                        "Log::write"}}}};
  finding.related = {{at(file, 5, 30, 36), "the other lock of this class is taken here"}};
  finding.assumptions = {"`log` is the same object in both threads"};
  return finding;
}

static Finding race() {
  const char *file = "/project/src/a counter.h";
  Finding finding;
  finding.rule = "race-unlocked-mutation";
  finding.message = "`Counter::value` is changed by several threads and no lock guards it";
  finding.help = "make it `std::atomic<int>`, or guard it with a mutex";
  finding.severity = Severity::Error;
  finding.confidence = Confidence::Medium;
  finding.location = at(file, 3, 24, 29);
  finding.identity = {"Counter::value"};
  finding.threads = {{"Thread 1", {{at(file, 3, 22), "changes `Counter::value`", {}, 0, "Counter::increment"}}}};
  finding.fixIts = {{"make `value` atomic", true, {{at(file, 2, 3), 2, 6, "std::atomic<int>"}}}};
  return finding;
}

static Finding noTimeout() {
  Finding finding;
  finding.rule = "process-no-timeout";
  finding.message = "`system` waits for its child without a bound: 100%, <always>";
  finding.severity = Severity::Note;
  finding.confidence = Confidence::Low;
  finding.location = at("/elsewhere/run.cpp", 1, 20);
  finding.identity = {"system"};
  return finding;
}

SampleReport::SampleReport()
    : sources(sampleFiles()), notes{"src/broken.cpp: 2 errors; parts of it were not analysed"} {
  rules = {{"lock-order-inversion", "lock", "Locks taken in opposite orders", Severity::Error, Confidence::High, true,
            "833", "# Lock order\n\nTwo threads take two locks in opposite orders.\n"},
           {"race-unlocked-mutation", "race", "Shared state changed without a lock", Severity::Error,
            Confidence::Medium, true, "362", "# Unlocked mutation\n"},
           {"condvar-no-predicate", "condvar", "A wait that does not test its condition", Severity::Error,
            Confidence::High, true, "", ""}};
  Finding hidden = race();
  hidden.message = "`Counter::other` is changed by several threads";
  hidden.identity = {"Counter::other"};
  hidden.suppressedBy = "NOLINT at src/a counter.h:3";
  findings = {lockOrder(), race(), noTimeout(), hidden};
  finalizeFindings(findings);
}

std::string SampleReport::render(OutputFormat format, llvm::ArrayRef<Finding> findings, const OutputContext &context) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (llvm::Error error = writeFindings(format, findings, context, os))
    ADD_FAILURE() << llvm::toString(std::move(error));
  return text;
}

void expectGolden(llvm::StringRef name, llvm::StringRef actual) {
  std::string path = std::string(GRIDLOCK_GOLDEN_FOLDER) + "/" + name.str();
  if (std::getenv("GRIDLOCK_UPDATE_GOLDEN")) {
    std::error_code error;
    llvm::raw_fd_ostream file(path, error);
    ASSERT_FALSE(error) << path << ": " << error.message();
    file << actual;
    return;
  }
  auto expected = llvm::MemoryBuffer::getFile(path);
  ASSERT_TRUE(expected) << path << " is missing; run the test with GRIDLOCK_UPDATE_GOLDEN=1";
  EXPECT_EQ(expected->get()->getBuffer().str(), actual.str()) << "differs from " << path;
}

llvm::json::Value parseJson(llvm::StringRef text) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  if (value)
    return std::move(*value);
  ADD_FAILURE() << llvm::toString(value.takeError());
  return nullptr;
}

} // namespace gridlock::output
