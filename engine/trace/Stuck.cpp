//===- Stuck.cpp - Who waits for whom in a running process ----------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// /proc/PID/task/TID/syscall says that a thread is in futex(address, wait).
// Three layouts of glibc say what the word belongs to:
//
//   a mutex      the word itself is 2 (locked, with waiters), and 8 bytes after
//                it stands the owner, one of the process's threads;
//   a read-write the word is the 3rd or 4th of the lock, whose 7th names the
//   lock         writer that holds it;
//   a thread     the word holds the number of a thread, and the call waits for
//                just that value: pthread_join.
//
// What fits none of them is told as a wait on something unknown.
//
//===----------------------------------------------------------------------===//

#include "engine/trace/Stuck.h"
#include "engine/trace/Findings.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <algorithm>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <set>
#include <thread>
#include <unistd.h>

namespace gridlock::trace {

namespace {

constexpr std::uint64_t FutexCall = 202; // x86-64
/// How far up a stack return addresses are looked for, and how many are kept.
constexpr std::size_t StackBytes = 16 * 1024, MostFrames = 24;

struct Mapping {
  std::uint64_t low = 0, high = 0, fileOffset = 0;
  bool executable = false;
  Id module = 0;
};

class Process {
public:
  explicit Process(int id) : Number(id) {}
  ~Process() {
    if (Memory >= 0)
      close(Memory);
  }
  Process(const Process &) = delete;
  Process &operator=(const Process &) = delete;

  llvm::Error open(Trace &trace) {
    std::string folder = "/proc/" + std::to_string(Number);
    if (!llvm::sys::fs::is_directory(folder))
      return llvm::createStringError("there is no process " + llvm::Twine(Number));
    Memory = ::open((folder + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
    if (Memory < 0)
      return llvm::createStringError("may not read process " + llvm::Twine(Number) +
                                     ": run as its user and allow it with kernel.yama.ptrace_scope=0, or as root");
    return readMappings(folder + "/maps", trace);
  }

  bool read(std::uint64_t address, void *target, std::size_t bytes) const {
    return pread(Memory, target, bytes, static_cast<off_t>(address)) == static_cast<ssize_t>(bytes);
  }

  std::vector<int> threads() const {
    std::vector<int> result;
    std::error_code error;
    for (llvm::sys::fs::directory_iterator at("/proc/" + std::to_string(Number) + "/task", error), end;
         !error && at != end; at.increment(error)) {
      int thread = 0;
      if (!llvm::sys::path::filename(at->path()).getAsInteger(10, thread))
        result.push_back(thread);
    }
    std::sort(result.begin(), result.end());
    return result;
  }

  std::string taskFile(int thread, llvm::StringRef name) const {
    auto buffer = llvm::MemoryBuffer::getFileAsStream("/proc/" + std::to_string(Number) + "/task/" +
                                                      std::to_string(thread) + "/" + name.str());
    return buffer ? (*buffer)->getBuffer().trim().str() : std::string();
  }

  const Mapping *mappingOf(std::uint64_t address) const {
    for (const Mapping &mapping : Mappings)
      if (address >= mapping.low && address < mapping.high)
        return &mapping;
    return nullptr;
  }

  /// The frame of an address: its module and what the module's file calls it.
  Frame frameOf(std::uint64_t address) const {
    const Mapping *mapping = mappingOf(address);
    if (!mapping || !mapping->module)
      return {0, address, false};
    return {mapping->module, address - Bases.at(mapping->module), false};
  }

  /// What looks like a return address: code behind a call instruction.
  bool isReturnAddress(std::uint64_t address) const {
    const Mapping *mapping = mappingOf(address);
    unsigned char code[7];
    if (!mapping || !mapping->executable || !mapping->module || !read(address - sizeof(code), code, sizeof(code)))
      return false;
    if (code[2] == 0xE8)
      return true;
    for (int length = 2; length <= 7; ++length)
      if (code[7 - length] == 0xFF && ((code[8 - length] >> 3) & 7) == 2)
        return true;
    return false;
  }

private:
  llvm::Error readMappings(const std::string &file, Trace &trace) {
    auto buffer = llvm::MemoryBuffer::getFileAsStream(file);
    if (!buffer)
      return llvm::createStringError("cannot read " + file + ": " + buffer.getError().message());
    std::map<std::string, Id> modules;
    Id previous = 0;
    for (llvm::StringRef line : llvm::split((*buffer)->getBuffer(), '\n')) {
      llvm::SmallVector<llvm::StringRef, 8> words;
      line.split(words, ' ', 5, /*KeepEmpty=*/false);
      if (words.size() < 5)
        continue;
      Mapping mapping;
      auto [low, high] = words[0].split('-');
      low.getAsInteger(16, mapping.low);
      high.getAsInteger(16, mapping.high);
      words[2].getAsInteger(16, mapping.fileOffset);
      mapping.executable = words[1].contains('x');
      llvm::StringRef path = words.size() > 5 ? words[5].trim() : "";
      if (path.starts_with("/")) {
        auto [known, isNew] = modules.try_emplace(path.str(), static_cast<Id>(modules.size() + 1));
        mapping.module = known->second;
        if (isNew) {
          trace.modules[mapping.module] = {path.str(), ""};
          Bases[mapping.module] = isFixed(path) ? 0 : mapping.low - mapping.fileOffset;
        }
        previous = mapping.module;
      } else if (path.empty()) {
        mapping.module = previous; // zeroed data lies behind the file's
      } else {
        previous = 0;
      }
      Mappings.push_back(mapping);
    }
    return llvm::Error::success();
  }

  /// Whether the file's addresses are the process's: no position-independent one.
  static bool isFixed(llvm::StringRef path) {
    auto buffer = llvm::MemoryBuffer::getFileSlice(path, 20, 0);
    if (!buffer || (*buffer)->getBufferSize() < 18)
      return false;
    std::uint16_t type;
    std::memcpy(&type, (*buffer)->getBufferStart() + 16, sizeof(type));
    return type == llvm::ELF::ET_EXEC;
  }

  int Number;
  int Memory = -1;
  std::vector<Mapping> Mappings;
  std::map<Id, std::uint64_t> Bases;
};

/// The words of /proc/PID/task/TID/syscall: number, six arguments, stack pointer.
struct Call {
  std::uint64_t words[8] = {};
  bool known = false;
};

Call callOf(const Process &process, int thread) {
  Call call;
  llvm::SmallVector<llvm::StringRef, 9> words;
  std::string text = process.taskFile(thread, "syscall");
  llvm::StringRef(text).split(words, ' ');
  if (words.size() < 8 || words[0].getAsInteger(10, call.words[0]))
    return call;
  for (unsigned i = 1; i < 8; ++i)
    if (words[i].getAsInteger(0, call.words[i]))
      return call;
  call.known = true;
  return call;
}

bool isFutexWait(const Call &call) {
  unsigned operation = call.words[2] & 127;
  return call.known && call.words[0] == FutexCall && (operation == 0 || operation == 6 || operation == 9);
}

class Look {
public:
  Look(const Process &process, Trace &trace, Symbols &symbols) : From(process), To(trace), Places(symbols) {
    for (int thread : process.threads())
      Threads.insert(thread);
  }

  std::vector<Waiter> waiters() {
    std::map<int, Call> first;
    for (int thread : Threads)
      first[thread] = callOf(From, thread);
    // A lock that is only busy changes hands in between.
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    std::vector<Waiter> result;
    for (int thread : Threads) {
      Waiter waiter;
      waiter.thread = thread;
      waiter.name = From.taskFile(thread, "comm");
      Call call = callOf(From, thread);
      if (call.known)
        waiter.stack = stackAt(call.words[7]);
      if (isFutexWait(call) && std::equal(std::begin(call.words), std::end(call.words), first[thread].words))
        describe(waiter, call);
      result.push_back(std::move(waiter));
    }
    return result;
  }

private:
  void describe(Waiter &waiter, const Call &call) {
    std::uint64_t address = call.words[1];
    std::uint32_t expected = static_cast<std::uint32_t>(call.words[3]);
    std::int32_t words[10] = {};
    waiter.address = address;
    if (From.read(address, words, 5 * sizeof(std::int32_t)) && words[0] == 2 && expected == 2 &&
        Threads.contains(words[2])) {
      waiter.kind = Waiter::Mutex;
      waiter.holder = words[2];
      waiter.what = "mutex " + nameOf(address);
      return;
    }
    if (From.read(address, words, sizeof(words[0])) && static_cast<std::uint32_t>(words[0]) == expected &&
        words[0] != waiter.thread && Threads.contains(words[0])) {
      waiter.kind = Waiter::Join;
      waiter.holder = words[0];
      waiter.what = "the end of thread " + std::to_string(words[0]);
      return;
    }
    for (std::uint64_t inside : {8u, 12u})
      if (From.read(address - inside, words, 7 * sizeof(std::int32_t)) && Threads.contains(words[6]) &&
          words[6] != waiter.thread) {
        waiter.kind = Waiter::ReadWrite;
        waiter.address = address - inside;
        waiter.holder = words[6];
        waiter.what = "read-write lock " + nameOf(waiter.address);
        return;
      }
    waiter.kind = Waiter::OtherFutex;
    waiter.what = "a condition variable, a semaphore or a lock of another library at 0x" +
                  llvm::utohexstr(address, /*LowerCase=*/true);
  }

  std::string nameOf(std::uint64_t address) {
    Frame place = From.frameOf(address);
    std::string name = place.module ? Places.variable(To.modules.at(place.module), place.offset) : "";
    std::string number = "0x" + llvm::utohexstr(address, /*LowerCase=*/true);
    return name.empty() ? "at " + number : "`" + name + "` (" + number + ")";
  }

  Id stackAt(std::uint64_t pointer) {
    std::vector<std::uint64_t> words(StackBytes / 8);
    // The stack may end earlier: take what can be read.
    while (!words.empty() && !From.read(pointer, words.data(), words.size() * 8))
      words.resize(words.size() / 2);
    Stack stack;
    for (std::uint64_t word : words)
      if (stack.size() < MostFrames && From.isReturnAddress(word))
        stack.push_back(From.frameOf(word));
    Id id = static_cast<Id>(To.stacks.size() + 1);
    To.stacks[id] = std::move(stack);
    return id;
  }

  const Process &From;
  Trace &To;
  Symbols &Places;
  std::set<int> Threads;
};

std::string titleOf(const Waiter &waiter) {
  return "thread " + std::to_string(waiter.thread) + (waiter.name.empty() ? "" : " `" + waiter.name + "`");
}

Finding findingOf(const std::vector<const Waiter *> &cycle, const Trace &trace, Symbols &symbols) {
  Finding finding;
  finding.rule = "deadlock";
  finding.message = cycle.size() == 1 ? "deadlock: a thread waits for itself and will never go on"
                                      : "deadlock: these threads wait for each other and will never go on";
  finding.help = "take the locks in one order everywhere, and wait for nothing while holding a lock";
  finding.severity = Severity::Error;
  finding.confidence = Confidence::High;
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    const Waiter &waiter = *cycle[i];
    const Waiter &before = *cycle[(i + cycle.size() - 1) % cycle.size()];
    ThreadTrace thread;
    thread.title = titleOf(waiter);
    std::vector<SourceFrame> last;
    std::vector<std::string> held;
    if (before.kind != Waiter::Join)
      held.push_back(before.what);
    addSteps(thread, trace, waiter.stack,
             "waits for " + waiter.what +
                 (waiter.kind == Waiter::Join ? "" : ", held by thread " + std::to_string(waiter.holder)),
             held, symbols, last);
    if (finding.location.file.empty())
      finding.location = thread.steps.back().location;
    finding.identity.push_back(waiter.what);
    finding.threads.push_back(std::move(thread));
  }
  return finding;
}

} // namespace

llvm::Expected<Hung> lookAtProcess(int id, Symbols &symbols) {
#if !defined(__x86_64__)
  return llvm::createStringError("looking at a process is possible on x86-64 only");
#endif
  Hung hung;
  hung.process.serial = ~std::uint64_t(0);
  hung.process.process = static_cast<std::uint32_t>(id);
  Process process(id);
  if (llvm::Error error = process.open(hung.process))
    return error;
  hung.waiters = Look(process, hung.process, symbols).waiters();
  std::map<int, const Waiter *> byThread;
  for (const Waiter &waiter : hung.waiters)
    byThread[waiter.thread] = &waiter;
  std::set<int> done;
  for (const Waiter &start : hung.waiters) {
    std::vector<const Waiter *> path;
    const Waiter *at = &start;
    while (at && at->holder && !done.contains(at->thread)) {
      done.insert(at->thread);
      path.push_back(at);
      at = byThread[at->holder];
    }
    auto first = std::find(path.begin(), path.end(), at);
    if (at && first != path.end())
      hung.findings.push_back(findingOf({first, path.end()}, hung.process, symbols));
  }
  finalizeFindings(hung.findings);
  return hung;
}

} // namespace gridlock::trace
