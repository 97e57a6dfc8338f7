//===- BuiltinTest.cpp - The compiled-in models -------------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "models/Model.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/wait.h>

using namespace gridlock::model;
using llvm::StringRef;

namespace {

const Models &builtin() {
  static const std::unique_ptr<Models> models = llvm::cantFail(Models::builtin());
  return *models;
}

const FunctionModel &get(StringRef name, std::vector<StringRef> parameters = {}) {
  const FunctionModel *model = builtin().function(name, parameters);
  if (!model) {
    ADD_FAILURE() << "no model for " << name.str();
    static const FunctionModel none;
    return none;
  }
  return *model;
}

std::vector<StringRef> kinds(const FunctionModel &model) {
  std::vector<StringRef> names;
  for (const Effect &effect : model.effects)
    names.push_back(toString(effect.kind));
  return names;
}

TEST(Builtin, Loads) {
  auto models = Models::builtin();
  ASSERT_TRUE(static_cast<bool>(models)) << toString(models.takeError());
  EXPECT_NE((*models)->version(), 0u);
}

TEST(Builtin, EveryFileIsEmbeddedUnchanged) {
  llvm::StringSet<> embedded;
  for (const EmbeddedModel &file : embeddedModels()) {
    embedded.insert(file.name);
    auto buffer = llvm::MemoryBuffer::getFile(GRIDLOCK_SOURCE_DIR "/" + file.name.str());
    ASSERT_TRUE(static_cast<bool>(buffer)) << file.name.str();
    EXPECT_EQ((*buffer)->getBuffer(), file.text) << file.name.str();
  }
  EXPECT_EQ(embeddedModels().front().name, "models/constants.yaml");
  std::error_code error;
  for (llvm::sys::fs::directory_iterator file(GRIDLOCK_SOURCE_DIR "/models", error), end; !error && file != end;
       file.increment(error)) {
    if (StringRef(file->path()).ends_with(".yaml")) {
      EXPECT_TRUE(embedded.contains(("models/" + llvm::sys::path::filename(file->path())).str())) << file->path();
    }
  }
}

/// Every file loads beside the constants alone: none needs another one.
TEST(Builtin, FilesStandAlone) {
  for (const EmbeddedModel &file : embeddedModels()) {
    Models models;
    llvm::cantFail(models.add(embeddedModels().front().text, "constants.yaml"));
    llvm::Error error = models.add(file.text, file.name);
    EXPECT_FALSE(static_cast<bool>(error)) << toString(std::move(error));
  }
}

/// All operands of an effect; what is left out here is not checked below.
std::vector<const Operand *> operands(const Effect &effect) {
  std::vector<const Operand *> all = {
      &effect.lock,          &effect.place,          &effect.value,        &effect.expected,  &effect.order,
      &effect.callee,        &effect.flag,           &effect.handle,       &effect.condition, &effect.predicate,
      &effect.descriptor,    &effect.from,           &effect.to,           &effect.flags,     &effect.size,
      &effect.readEnd,       &effect.writeEnd,       &effect.child,        &effect.signal,    &effect.actions,
      &effect.standardInput, &effect.standardOutput, &effect.standardError};
  for (const auto *list : {&effect.locks, &effect.arguments, &effect.descriptors})
    for (const Operand &operand : *list)
      all.push_back(&operand);
  for (const auto *list : {&effect.when, &effect.unless, &effect.recursive, &effect.detachedWhen}) {
    for (const Condition &condition : *list) {
      all.push_back(&condition.left);
      all.push_back(&condition.right);
    }
  }
  if (effect.bound)
    all.push_back(&effect.bound->value);
  return all;
}

/// An entry that says how many parameters there are names none beyond them.
TEST(Builtin, ArgumentsExist) {
  builtin().forEachFunction([](StringRef name, const FunctionModel &model) {
    if (!model.hasParameters || (!model.parameters.empty() && model.parameters.back() == "..."))
      return;
    // Counted with `this`: an entry does not say whether it is for a method.
    std::int64_t count = static_cast<std::int64_t>(model.parameters.size()) + 1;
    for (const Effect &effect : model.effects)
      for (const Operand *operand : operands(effect))
        for (const Operand::Step &step : operand->steps)
          if (step.kind == OperandKind::Argument || step.kind == OperandKind::ElementByArgument ||
              step.kind == OperandKind::ElementByKey) {
            EXPECT_LT(step.number, operand->andFollowing ? count + 1 : count)
                << model.file << ":" << model.line << ": " << name.str() << ": " << operand->text;
          }
  });
}

/// An entry says something: it has effects, or says that it has none.
TEST(Builtin, NoEmptyEntries) {
  builtin().forEachFunction([](StringRef name, const FunctionModel &model) {
    EXPECT_TRUE(model.pure || !model.effects.empty()) << model.file << ":" << model.line << ": " << name.str();
  });
}

/// The table is for Linux on x86-64; the values here are the compiler's.
TEST(Builtin, ConstantsHaveTheHeadersValues) {
#if defined(__linux__) && defined(__x86_64__)
  const std::pair<StringRef, long> expected[] = {
      {"EBUSY", EBUSY},
      {"ETIMEDOUT", ETIMEDOUT},
      {"EOWNERDEAD", EOWNERDEAD},
      {"O_NONBLOCK", O_NONBLOCK},
      {"O_CLOEXEC", O_CLOEXEC},
      {"F_SETLKW", F_SETLKW},
      {"F_DUPFD_CLOEXEC", F_DUPFD_CLOEXEC},
      {"LOCK_NB", LOCK_NB},
      {"LOCK_UN", LOCK_UN},
      {"MSG_DONTWAIT", MSG_DONTWAIT},
      {"SOCK_CLOEXEC", SOCK_CLOEXEC},
      {"WNOHANG", WNOHANG},
      {"WNOWAIT", WNOWAIT},
      {"SIGKILL", SIGKILL},
      {"EPOLL_CTL_ADD", EPOLL_CTL_ADD},
      {"PTHREAD_MUTEX_RECURSIVE", PTHREAD_MUTEX_RECURSIVE},
      {"PTHREAD_CREATE_DETACHED", PTHREAD_CREATE_DETACHED},
  };
  for (const auto &[name, value] : expected)
    EXPECT_EQ(builtin().constant(name), value) << name.str();
#else
  GTEST_SKIP() << "the table holds the values of Linux on x86-64";
#endif
}

TEST(Builtin, BuiltinModelsSaySo) {
  EXPECT_TRUE(get("send").builtin);
  std::unique_ptr<Models> models = llvm::cantFail(Models::builtin());
  llvm::cantFail(models->add("library: mine\nfunctions:\n  - name: send\n    pure: true\n", "mine.yaml"));
  EXPECT_FALSE(models->function("send", {})->builtin);
}

TEST(Builtin, PthreadMutex) {
  const Effect &lock = get("pthread_mutex_lock").effects.at(0);
  EXPECT_EQ(lock.kind, EffectKind::Acquire);
  EXPECT_EQ(lock.lock.text, "*0");
  const Effect &timed = get("pthread_mutex_timedlock").effects.at(0);
  EXPECT_EQ(timed.kind, EffectKind::TryAcquire);
  EXPECT_EQ(timed.bound->unit, "deadline");
  EXPECT_EQ(builtin().type("pthread_mutex_t")->lock, LockKind::Mutex);
  EXPECT_EQ(builtin().type("pthread_rwlock_t")->recursive, Recursion::Shared);
}

TEST(Builtin, UniqueLockOverloads) {
  StringRef name = "std::unique_lock::unique_lock";
  EXPECT_THAT(kinds(get(name, {"std::mutex"})), testing::ElementsAre("acquire", "set", "set"));
  EXPECT_THAT(kinds(get(name, {"std::mutex", "std::adopt_lock_t"})), testing::ElementsAre("set", "set"));
  EXPECT_THAT(kinds(get(name, {"std::mutex", "std::try_to_lock_t"})), testing::ElementsAre("set", "try-acquire"));
  EXPECT_EQ(get(name, {"std::mutex", "std::defer_lock_t"}).effects.at(1).value.text, "#0");
  EXPECT_EQ(get(name, {"std::timed_mutex", "std::chrono::duration"}).effects.at(1).bound->unit, "duration");
  EXPECT_EQ(get(name, {"std::timed_mutex", "std::chrono::time_point"}).effects.at(1).bound->unit, "deadline");
  EXPECT_EQ(get(name, {"std::unique_lock&&"}).effects.size(), 4u);
}

TEST(Builtin, ScopedLockTakesAllItsLocksAtOnce) {
  StringRef name = "std::scoped_lock::scoped_lock";
  EXPECT_EQ(get(name, {"std::mutex"}).effects.at(0).kind, EffectKind::Acquire);
  const Effect &three = get(name, {"std::mutex", "std::mutex", "User"}).effects.at(0);
  EXPECT_EQ(three.kind, EffectKind::AcquireAll);
  EXPECT_EQ(three.locks.size(), 3u);
  EXPECT_EQ(get(name, {"std::adopt_lock_t", "std::mutex"}).effects.at(0).kind, EffectKind::Set);
  EXPECT_TRUE(get(name, std::vector<StringRef>(7, "std::mutex")).effects.at(0).locks.at(0).andFollowing);
}

TEST(Builtin, ConditionVariableWaits) {
  StringRef wait = "std::condition_variable::wait";
  EXPECT_FALSE(get(wait, {"std::unique_lock"}).effects.at(0).predicate);
  EXPECT_EQ(get(wait, {"std::unique_lock", "(lambda)"}).effects.at(0).predicate.text, "2");
  StringRef any = "std::condition_variable_any::wait";
  EXPECT_EQ(get(any, {"std::unique_lock", "std::stop_token", "(lambda)"}).effects.at(0).predicate.text, "3");
  EXPECT_EQ(get(any, {"std::shared_lock"}).effects.at(0).mode, LockMode::Shared);
  EXPECT_EQ(get(any, {"User"}).effects.at(0).lock.text, "*1");
  const Effect &waitFor =
      get("std::condition_variable::wait_for", {"std::unique_lock", "std::chrono::duration"}).effects.at(0);
  EXPECT_EQ(waitFor.bound->value.text, "*2");
}

TEST(Builtin, ThreadsAndTasks) {
  StringRef thread = "std::thread::thread";
  EXPECT_EQ(get(thread, {"(lambda)&&", ""}).effects.at(0).kind, EffectKind::Spawns);
  EXPECT_EQ(get(thread, {"std::thread&&"}).effects.at(0).kind, EffectKind::Set);
  EXPECT_EQ(get(thread).effects.size(), 2u);
  EXPECT_EQ(get("std::async", {"std::launch", "(lambda)"}).effects.at(0).callee.text, "1");
  EXPECT_EQ(get("std::async", {"(lambda)"}).effects.at(0).callee.text, "0");
}

TEST(Builtin, Processes) {
  const FunctionModel &waitpid = get("waitpid");
  EXPECT_THAT(kinds(waitpid), testing::ElementsAre("wait-child", "blocks", "wait-child", "set"));
  EXPECT_EQ(waitpid.effects.at(1).unless.at(0).right.steps.at(0).number, WNOHANG);
  EXPECT_EQ(get("pipe2").effects.at(0).writeEnd.text, "(*0)[#1]");
  EXPECT_EQ(get("posix_spawnp").effects.at(0).actions.text, "*2");
  EXPECT_TRUE(get("write").asyncSignalSafe);
  EXPECT_FALSE(get("malloc").asyncSignalSafe);
}

} // namespace
