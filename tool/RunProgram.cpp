//===- RunProgram.cpp - A program under the run-time checker ----- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Children inherit the environment, and so the library; each process writes a
// trace of its own, which survives its being killed. Their reports go to files
// as well: the findings at the end say the same with source lines. Only what
// cannot wait for the end is shown at once: a deadlock that happened, as there
// may be no end.
//
// A program that is linked with gcc's shared AddressSanitizer or
// ThreadSanitizer needs that library first in the list of preloaded ones.
//
//===----------------------------------------------------------------------===//

#include "tool/RunProgram.h"
#include "tool/Analysis.h"
#include "tool/Commands.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <map>
#include <set>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" char **environ;

namespace gridlock::tool {

using llvm::sys::path::append;

llvm::Expected<std::string> findRuntime(const std::string &asked) {
  if (!asked.empty()) {
    llvm::SmallString<256> path(asked);
    llvm::sys::fs::make_absolute(path);
    if (llvm::sys::fs::exists(path))
      return path.str().str();
    return llvm::createStringError("there is no run-time library " + asked);
  }
  std::string program = llvm::sys::fs::getMainExecutable(nullptr, reinterpret_cast<void *>(&findRuntime));
  llvm::StringRef folder = llvm::sys::path::parent_path(program);
  for (llvm::StringRef place :
       {"../runtime", "../lib", "../lib/x86_64-linux-gnu", "../lib/aarch64-linux-gnu", "../lib64", "."}) {
    llvm::SmallString<256> path(folder);
    append(path, place, "libgridlock_rt.so");
    llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
    if (llvm::sys::fs::exists(path))
      return path.str().str();
  }
  return llvm::createStringError("libgridlock_rt.so is not beside " + program + "; name it with --runtime FILE");
}

/// What the program's file says that matters for watching it.
struct ProgramFile {
  bool isStatic = false;
  std::string sanitizer; ///< name of its shared library, or ""
};

static ProgramFile lookAt(const std::string &program) {
  ProgramFile result;
  auto binary = llvm::object::ObjectFile::createObjectFile(program);
  if (!binary) {
    llvm::consumeError(binary.takeError()); // a script
    return result;
  }
  const auto *elf = llvm::dyn_cast<llvm::object::ELF64LEObjectFile>(binary->getBinary());
  if (!elf)
    return result;
  auto entries = elf->getELFFile().dynamicEntries();
  if (!entries) {
    llvm::consumeError(entries.takeError());
    result.isStatic = true;
    return result;
  }
  auto headers = elf->getELFFile().program_headers();
  bool interpreted = false;
  if (headers)
    for (const auto &header : *headers)
      interpreted |= header.p_type == llvm::ELF::PT_INTERP;
  else
    llvm::consumeError(headers.takeError());
  result.isStatic = !interpreted;
  std::uint64_t strings = 0;
  for (const auto &entry : *entries)
    if (entry.d_tag == llvm::ELF::DT_STRTAB)
      strings = entry.getPtr();
  auto base = strings ? elf->getELFFile().toMappedAddr(strings) : llvm::Expected<const std::uint8_t *>(nullptr);
  if (!base) {
    llvm::consumeError(base.takeError());
    return result;
  }
  for (const auto &entry : *entries)
    if (entry.d_tag == llvm::ELF::DT_NEEDED && *base) {
      llvm::StringRef name(reinterpret_cast<const char *>(*base) + entry.getVal());
      if (name.starts_with("libasan.so") || name.starts_with("libtsan.so"))
        result.sanitizer = name.str();
    }
  return result;
}

/// Where the loader finds a library that the program needs: what it prints when
/// asked to list them.
static std::string resolveLibrary(const std::string &program, llvm::StringRef library) {
  llvm::SmallString<128> list;
  if (llvm::sys::fs::createTemporaryFile("gridlock-libraries", "", list))
    return library.str();
  llvm::scope_exit removed([&] { llvm::sys::fs::remove(list); });
  std::vector<std::string> variables{"LD_TRACE_LOADED_OBJECTS=1"};
  for (char **variable = environ; *variable; ++variable)
    variables.emplace_back(*variable);
  std::vector<llvm::StringRef> environment(variables.begin(), variables.end());
  std::optional<llvm::StringRef> redirects[] = {llvm::StringRef(""), list.str(), llvm::StringRef("")};
  llvm::sys::ExecuteAndWait(program, {program}, llvm::ArrayRef<llvm::StringRef>(environment), redirects);
  if (auto buffer = llvm::MemoryBuffer::getFile(list))
    for (llvm::StringRef line : llvm::split((*buffer)->getBuffer(), '\n'))
      if (line.trim().starts_with(library) && line.contains("=> /"))
        return line.split("=> ").second.take_until([](char c) { return c == ' '; }).str();
  return library.str();
}

namespace {

/// Looks at the reports that processes write while they run.
class LiveReports {
public:
  LiveReports(std::string folder, const Settings &settings, trace::Symbols &symbols, Console &console, bool end)
      : Folder(std::move(folder)), Options(settings), Places(symbols), Output(console), End(end) {}

  void look() {
    std::error_code error;
    for (llvm::sys::fs::directory_iterator at(Folder, error), end; !error && at != end; at.increment(error)) {
      llvm::StringRef name = llvm::sys::path::filename(at->path());
      int process = 0;
      if (!name.consume_front("report.") || name.getAsInteger(10, process))
        continue;
      auto buffer = llvm::MemoryBuffer::getFile(at->path());
      std::size_t &seen = Seen[process];
      if (!buffer || (*buffer)->getBufferSize() <= seen)
        continue;
      llvm::StringRef fresh = (*buffer)->getBuffer().drop_front(seen);
      seen = (*buffer)->getBufferSize();
      if (fresh.contains("deadlock, provoked"))
        continue; // the process has ended, and its findings come at the end
      for (llvm::StringRef kind : {"deadlock", "all-threads-blocked", "pipe-deadlock", "self-lock"})
        if (fresh.contains(("[" + kind + "]").str())) {
          show(process, kind);
          break;
        }
    }
  }

private:
  void show(int process, llvm::StringRef kind) {
    auto trace = trace::readTrace(Folder + "/" + std::to_string(process) + ".trace");
    if (!trace) {
      llvm::consumeError(trace.takeError());
      return;
    }
    std::vector<Finding> findings = trace::findingsOf(*trace, Places);
    llvm::erase_if(findings, [&](const Finding &finding) { return finding.rule != kind; });
    Settings plain = Options;
    plain.outputs = {{output::OutputFormat::Text, "-"}};
    llvm::consumeError(showRunFindings(findings, plain));
    Output.note("process " + llvm::Twine(process) + " does not go on" +
                (End ? "; it is ended" : "; end it with Ctrl-C, or use --end-when-stuck"));
    if (End)
      kill(process, SIGKILL);
  }

  std::string Folder;
  const Settings &Options;
  trace::Symbols &Places;
  Console &Output;
  bool End;
  std::map<int, std::size_t> Seen;
};

/// Signals that the terminal sends to the program are not for us.
class IgnoredSignals {
public:
  IgnoredSignals() : Interrupt(std::signal(SIGINT, SIG_IGN)), Quit(std::signal(SIGQUIT, SIG_IGN)) {}
  ~IgnoredSignals() {
    std::signal(SIGINT, Interrupt);
    std::signal(SIGQUIT, Quit);
  }
  IgnoredSignals(const IgnoredSignals &) = delete;
  IgnoredSignals &operator=(const IgnoredSignals &) = delete;

private:
  void (*Interrupt)(int);
  void (*Quit)(int);
};

} // namespace

static std::vector<std::string> environmentFor(const std::string &preload, const std::string &options) {
  std::vector<std::string> result{"LD_PRELOAD=" + preload, "GRIDLOCK_OPTIONS=" + options};
  for (char **variable = environ; *variable; ++variable) {
    llvm::StringRef text(*variable);
    if (!text.starts_with("LD_PRELOAD=") && !text.starts_with("GRIDLOCK_OPTIONS="))
      result.push_back(text.str());
  }
  return result;
}

static std::vector<char *> pointersTo(std::vector<std::string> &words) {
  std::vector<char *> result;
  for (std::string &word : words)
    result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

/// Starts the command. Returns the process, or an error.
static llvm::Expected<pid_t> start(const RunRequest &request, std::vector<std::string> environment) {
  std::vector<std::string> words = request.command;
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGINT);
  sigaddset(&defaults, SIGQUIT);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  pid_t process = 0;
  int code = posix_spawnp(&process, words.front().c_str(), nullptr, &attributes, pointersTo(words).data(),
                          pointersTo(environment).data());
  posix_spawnattr_destroy(&attributes);
  if (code)
    return llvm::createStringError("cannot run " + request.command.front() + ": " + std::strerror(code));
  return process;
}

static int waitFor(pid_t process, LiveReports &reports) {
  // A child that ends interrupts the pause.
  sigset_t child, before;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, &before);
  int status = 0;
  while (waitpid(process, &status, WNOHANG) != process) {
    timespec pause = {0, 300 * 1000 * 1000};
    sigtimedwait(&child, nullptr, &pause);
    reports.look();
  }
  sigprocmask(SIG_SETMASK, &before, nullptr);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

llvm::Expected<std::vector<trace::Trace>> readTraces(llvm::ArrayRef<std::string> paths) {
  std::vector<std::string> files;
  for (const std::string &path : paths) {
    if (!llvm::sys::fs::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    std::error_code error;
    for (llvm::sys::fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error))
      if (llvm::StringRef(at->path()).ends_with(".trace"))
        files.push_back(at->path());
  }
  std::sort(files.begin(), files.end());
  std::vector<trace::Trace> traces;
  for (const std::string &file : files) {
    llvm::Expected<trace::Trace> trace = trace::readTrace(file);
    if (!trace)
      return trace.takeError();
    traces.push_back(std::move(*trace));
  }
  return traces;
}

llvm::Expected<RunResult> runProgram(const RunRequest &request, const Settings &settings, trace::Symbols &symbols,
                                     Console &console) {
  llvm::Expected<std::string> runtime = findRuntime(request.runtime);
  if (!runtime)
    return runtime.takeError();
  llvm::SmallString<128> folder(request.traceFolder);
  bool temporary = folder.empty();
  if (temporary) {
    if (std::error_code error = llvm::sys::fs::createUniqueDirectory("gridlock-run", folder))
      return llvm::createStringError("cannot make a folder for traces: " + error.message());
  } else if (std::error_code error = llvm::sys::fs::create_directories(folder)) {
    return llvm::createStringError("cannot make the folder " + folder.str() + ": " + error.message());
  }
  llvm::scope_exit removed([&] {
    if (temporary)
      llvm::sys::fs::remove_directories(folder);
  });
  llvm::sys::fs::make_absolute(folder);
  if (folder.str().find_first_of(": ,") != llvm::StringRef::npos)
    return llvm::createStringError("the folder for traces must not have ':', ',' or a space in its name: " +
                                   folder.str());

  std::string preload = *runtime, user = llvm::sys::Process::GetEnv("LD_PRELOAD").value_or("");
  if (auto program = llvm::sys::findProgramByName(request.command.front())) {
    ProgramFile file = lookAt(*program);
    if (file.isStatic)
      console.warning(request.command.front() + " is linked statically: its locks cannot be watched");
    if (!file.sanitizer.empty())
      preload = resolveLibrary(*program, file.sanitizer) + ":" + preload;
  }
  if (!user.empty())
    preload += ":" + user;
  std::string options = llvm::sys::Process::GetEnv("GRIDLOCK_OPTIONS").value_or("");
  options += (options.empty() ? "" : ":") +
             ("trace=" + folder.str() + "/%p.trace:log_path=" + folder.str() + "/report:exitcode=0").str();
  for (const std::string &option : request.options)
    options += ":" + option;

  LiveReports reports(folder.str().str(), settings, symbols, console, request.endWhenStuck);
  llvm::Expected<pid_t> process = start(request, environmentFor(preload, options));
  if (!process)
    return process.takeError();
  RunResult result;
  {
    IgnoredSignals ignored;
    result.status = waitFor(*process, reports);
  }
  auto traces = readTraces({folder.str().str()});
  if (!traces)
    return traces.takeError();
  result.traces = std::move(*traces);
  if (!temporary)
    result.traceFolder = folder.str().str();
  if (result.traces.empty())
    console.warning("no process left a trace: is the program static, or set-user-id?");
  return result;
}

llvm::Error showRunFindings(llvm::ArrayRef<Finding> findings, Settings settings) {
  SourceCache sources;
  std::vector<OutputRequest> others;
  for (const OutputRequest &request : settings.outputs) {
    if (request.format != output::OutputFormat::Text || request.file != "-") {
      others.push_back(request);
      continue;
    }
    output::OutputContext context{currentDirectory(), versionText(), settings.rules, sources};
    context.color = llvm::sys::Process::StandardErrIsDisplayed() && settings.color;
    if (llvm::Error error = output::writeFindings(request.format, findings, context, llvm::errs()))
      return error;
  }
  settings.outputs = std::move(others);
  Units none;
  return settings.outputs.empty() ? llvm::Error::success() : writeOutputs(findings, none, settings, sources);
}

std::string coverageOf(llvm::ArrayRef<trace::Trace> traces) {
  std::size_t locks = 0, orders = 0;
  std::uint64_t waits = 0, unknown = 0;
  for (const trace::Trace &trace : traces) {
    waits += trace.waitsKnown + trace.waitsUnknown;
    unknown += trace.waitsUnknown;
    locks += trace.locks.size();
    std::set<std::pair<trace::Id, trace::Id>> pairs;
    for (const trace::Edge &edge : trace.edges)
      pairs.insert({edge.from, edge.to});
    orders += pairs.size();
  }
  return std::to_string(traces.size()) + (traces.size() == 1 ? " process, " : " processes, ") +
         counted(locks, "nested lock") + ", " + counted(orders, "order") + " of two locks seen" +
         (unknown ? ", " + std::to_string(unknown) + " of " + counted(waits, "blocking wait") +
                        " on bare futexes, whose orders are not seen"
                  : std::string());
}

} // namespace gridlock::tool
