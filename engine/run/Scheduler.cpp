//===- Scheduler.cpp - All units of a run, extracted in parallel -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Workers take the next job from a counter: units differ in cost by a factor of
// a hundred, so no division beforehand is even.
//
// Crashes. Parsers die: from assertions, from bugs, from recursion. A worker
// runs each job under LLVM's CrashRecoveryContext, which turns a fatal signal
// into a jump back here. That is not enough for a stack that ran over, since the
// signal handler needs stack itself: workers therefore have large stacks (64 MB,
// of which only what is touched costs memory) and a second, small one for
// signals. What the dead parser held is lost; the run goes on.
//
//===----------------------------------------------------------------------===//

#include "engine/run/Scheduler.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/Threading.h"
#include "llvm/Support/thread.h"
#include <atomic>
#include <mutex>
#if LLVM_ON_UNIX
#include <csignal>
#endif

namespace gridlock::run {

static constexpr unsigned StackSize = 64u << 20;

namespace {

/// The calling thread's stack for signal handlers.
class SignalStack {
public:
#if LLVM_ON_UNIX
  SignalStack() : Memory(std::make_unique<char[]>(Size)) {
    stack_t stack{};
    stack.ss_sp = Memory.get();
    stack.ss_size = Size;
    sigaltstack(&stack, &Previous);
  }
  ~SignalStack() { sigaltstack(&Previous, nullptr); }

private:
  static constexpr std::size_t Size = 256 << 10;
  std::unique_ptr<char[]> Memory;
  stack_t Previous{};
#else
  SignalStack() {}
#endif
  SignalStack(const SignalStack &) = delete;
  SignalStack &operator=(const SignalStack &) = delete;
};

} // namespace

/// Installs LLVM's handlers, on the threads' signal stacks.
static void enableCrashRecovery() {
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::CrashRecoveryContext::Enable();
#if LLVM_ON_UNIX
    for (int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGTRAP}) {
      struct sigaction action{};
      if (sigaction(signal, nullptr, &action) == 0) {
        action.sa_flags |= SA_ONSTACK;
        sigaction(signal, &action, nullptr);
      }
    }
#endif
  });
}

static std::string describeCrash(int code) {
#if LLVM_ON_UNIX
  // CrashRecoveryContext reports 128 + the signal's number.
  if (const char *name = code > 128 ? sigabbrev_np(code - 128) : nullptr)
    return std::string("the parser crashed (SIG") + name + ")";
#endif
  return "the parser crashed";
}

namespace {

class Scheduler {
public:
  Scheduler(llvm::ArrayRef<facts::CompileJob> jobs, const Options &options, Extractor extractor, Observer &observer)
      : Jobs(jobs), Settings(options), Extract(extractor), Listener(observer) {
    Result.units.resize(jobs.size());
  }

  RunResult run();

private:
  llvm::ArrayRef<facts::CompileJob> Jobs;
  const Options &Settings;
  Extractor Extract;
  Observer &Listener;
  RunResult Result;
  FileHashes Hashes;
  std::atomic<std::size_t> NextJob = 0;
  std::mutex Mutex; ///< for the listener and the statistics
  std::size_t Done = 0;

  void work();
  bool takeFromCache(const facts::CompileJob &job, UnitResult &result);
  void extract(const facts::CompileJob &job, UnitResult &result);
  void store(const facts::CompileJob &job, const UnitResult &result);
  void finish(const facts::CompileJob &job, const UnitResult &result);
};

} // namespace

RunResult Scheduler::run() {
  enableCrashRecovery();
  std::size_t wanted = Settings.threads ? Settings.threads : llvm::hardware_concurrency().compute_thread_count();
  std::vector<llvm::thread> workers;
  for (std::size_t i = 0, count = std::min(wanted, Jobs.size()); i != count; ++i)
    workers.emplace_back(std::optional<unsigned>(StackSize), [this] { work(); });
  for (llvm::thread &worker : workers)
    worker.join();
  if (Settings.cache)
    Settings.cache->prune();
  return std::move(Result);
}

void Scheduler::work() {
  SignalStack signalStack;
  for (std::size_t next; (next = NextJob.fetch_add(1)) < Jobs.size();) {
    const facts::CompileJob &job = Jobs[next];
    UnitResult &result = Result.units[next];
    {
      std::lock_guard<std::mutex> lock(Mutex);
      Listener.started(job);
    }
    if (!takeFromCache(job, result)) {
      extract(job, result);
      store(job, result);
    }
    finish(job, result);
  }
}

bool Scheduler::takeFromCache(const facts::CompileJob &job, UnitResult &result) {
  if (!Settings.cache)
    return false;
  SummaryCache::Lookup lookup = Settings.cache->find(job, Hashes);
  if (lookup.state == SummaryCache::State::Hit) {
    result.state = UnitState::Cached;
    result.unit = std::move(lookup.unit);
    return true;
  }
  std::lock_guard<std::mutex> lock(Mutex);
  Result.statistics.staleEntries += lookup.state == SummaryCache::State::Stale;
  Result.statistics.damagedEntries += lookup.state == SummaryCache::State::Damaged;
  return false;
}

void Scheduler::extract(const facts::CompileJob &job, UnitResult &result) {
  // Outlives the crash: what the jump skips must not be destroyed half-made.
  auto extraction = std::make_unique<facts::Extraction>();
  llvm::CrashRecoveryContext context;
  bool survived = context.RunSafely([&] {
    llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> fileSystem(llvm::vfs::createPhysicalFileSystem().release());
    *extraction = Extract(job, fileSystem);
  });
  if (!survived) {
    (void)extraction.release(); // its state is unknown: leaking is the safe choice
    result.state = UnitState::Crashed;
    result.failure = describeCrash(context.RetCode);
    return;
  }
  result.state = extraction->unit ? UnitState::Extracted : UnitState::Failed;
  result.failure = std::move(extraction->failure);
  result.unit = std::move(extraction->unit);
  if (!result.unit && result.failure.empty())
    result.failure = "the parser could not start";
}

void Scheduler::store(const facts::CompileJob &job, const UnitResult &result) {
  if (!Settings.cache || !result.isClean())
    return;
  if (llvm::Error error = Settings.cache->store(job, *result.unit)) {
    std::string text = llvm::toString(std::move(error));
    std::lock_guard<std::mutex> lock(Mutex);
    if (Result.statistics.cacheFailure.empty())
      Result.statistics.cacheFailure = text;
  }
}

void Scheduler::finish(const facts::CompileJob &job, const UnitResult &result) {
  std::lock_guard<std::mutex> lock(Mutex);
  Statistics &statistics = Result.statistics;
  statistics.extracted += result.state == UnitState::Extracted;
  statistics.cached += result.state == UnitState::Cached;
  statistics.failed += result.state == UnitState::Failed;
  statistics.crashed += result.state == UnitState::Crashed;
  statistics.withErrors += result.unit && result.unit->errorCount != 0;
  Listener.finished(job, result, ++Done, Jobs.size());
}

RunResult extractAll(llvm::ArrayRef<facts::CompileJob> jobs, const Options &options, Extractor extractor,
                     Observer &observer) {
  return Scheduler(jobs, options, extractor, observer).run();
}

bool runGuarded(llvm::function_ref<void()> work) {
  enableCrashRecovery();
  bool survived = false;
  llvm::thread thread(std::optional<unsigned>(StackSize), [&] {
    SignalStack signalStack;
    llvm::CrashRecoveryContext context;
    survived = context.RunSafely(work);
  });
  thread.join();
  return survived;
}

} // namespace gridlock::run
