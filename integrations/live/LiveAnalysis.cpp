//===- LiveAnalysis.cpp - Analysis behind an editor -----------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two threads. The working thread parses the buffers that changed and solves
// them with the rest of the project; the reading thread brings in that rest,
// from the cache or by parsing, and stands back while the working thread has
// something to do: whoever types comes first.
//
// Changes are collected, never queued: when a result is ready the newest text
// is what comes next, whatever lay between. What is being solved when a newer
// text comes is given up, within the limits of SolvePace.h. A result that was
// overtaken all the same is told, for its places can be moved along with the
// text.
//
// A text that does not parse keeps the unit of the last text that did: half a
// statement is no reason to take a finding away or to invent one. When there was
// no such text, what the parser understood has to do.
//
//===----------------------------------------------------------------------===//

#include "integrations/live/LiveAnalysis.h"
#include "engine/facts/Facts.h"
#include "integrations/live/EditorChecks.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "llvm/Support/xxhash.h"

namespace gridlock::integrations {

namespace fs = llvm::sys::fs;

/// The disk as it would be if all buffers were saved. `buffers` must outlive it.
static llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> overlay(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> disk,
                                                               const Buffers &buffers) {
  auto memory = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
  for (const auto &[file, buffer] : buffers)
    memory->addFileNoOwn(file, 0, llvm::MemoryBufferRef(buffer->text, file));
  auto both = llvm::makeIntrusiveRefCnt<llvm::vfs::OverlayFileSystem>(std::move(disk));
  both->pushOverlay(std::move(memory));
  return both;
}

LiveAnalysis::LiveAnalysis(LiveOptions options, Listener listener, Log log)
    : Tell(std::move(listener)), Say(std::move(log)), Settings(std::move(options)), Commands(Settings.commands),
      Reader([this] { readProjects(); }), Worker([this] { work(); }) {}

LiveAnalysis::~LiveAnalysis() {
  {
    std::lock_guard<std::mutex> lock(Mutex);
    Stopping = true;
    GivenUp = true;
  }
  if (Settings.whenEnding)
    Settings.whenEnding();
  Wake.notify_all();
  WakeReader.notify_all();
  Worker.join();
  Reader.join();
}

//===----------------------------------------------------------------------===//
// The doors
//===----------------------------------------------------------------------===//

void LiveAnalysis::setCommands(CommandSource commands) {
  std::lock_guard<std::mutex> lock(Mutex);
  Commands = std::move(commands);
  CommandsChanged = true;
}

void LiveAnalysis::change(const std::string &file, std::string text, std::uint64_t generation) {
  {
    std::lock_guard<std::mutex> lock(Mutex);
    Open[file] = std::make_shared<Buffer>(Buffer{std::move(text), generation});
    Dirty.insert(file);
    if (!Settings.unitsAreGiven) // else the new unit is not there yet
      overtake();
  }
  Wake.notify_one();
}

/// Something newer is there than what is being solved.
void LiveAnalysis::overtake() {
  if (Pace.isWorthGivingUp(Settings.clock()))
    GivenUp = true;
}

void LiveAnalysis::close(const std::string &file) {
  {
    std::lock_guard<std::mutex> lock(Mutex);
    Open.erase(file);
    GivenUnits.erase(file);
    Dirty.insert(file);
  }
  Wake.notify_one();
}

void LiveAnalysis::saved() {
  {
    std::lock_guard<std::mutex> lock(Mutex);
    for (auto &[name, project] : Projects)
      Unread.insert(project);
  }
  WakeReader.notify_one();
}

void LiveAnalysis::give(const std::string &file, std::uint64_t textHash, std::unique_ptr<ir::Unit> unit) {
  {
    std::lock_guard<std::mutex> lock(Mutex);
    if (!Open.count(file)) // closed while it was parsed
      return;
    GivenUnits[file] = {textHash, std::move(unit)};
    Dirty.insert(file);
    overtake();
  }
  Wake.notify_one();
}

//===----------------------------------------------------------------------===//
// The reading thread
//===----------------------------------------------------------------------===//

void LiveAnalysis::readProjects() {
  std::unique_lock<std::mutex> lock(Mutex);
  for (;;) {
    WakeReader.wait(lock, [&] { return Stopping || !Unread.empty(); });
    if (Stopping)
      return;
    std::shared_ptr<Project> project = *Unread.begin();
    Unread.erase(Unread.begin());
    lock.unlock();
    bool wasComplete = project->isComplete();
    bool changed = project->refresh(Settings.threads, [&](bool isCostly) {
      std::unique_lock<std::mutex> inner(Mutex);
      if (isCostly)
        WakeReader.wait(inner, [&] { return Stopping || (!IsBusy && Dirty.empty()); });
      return !Stopping;
    });
    lock.lock();
    if (changed || wasComplete != project->isComplete())
      Unsolved.insert(project);
    Wake.notify_one();
  }
}

//===----------------------------------------------------------------------===//
// The working thread: units
//===----------------------------------------------------------------------===//

/// Whether a unit was made from the buffers' texts.
static bool agrees(const ir::Unit &unit, const Buffers &buffers) {
  return llvm::all_of(llvm::ArrayRef(unit.files).drop_front(), [&](const ir::File &file) {
    auto buffer = buffers.find(std::string(unit.text(file.path)));
    return buffer == buffers.end() || llvm::xxh3_64bits(buffer->second->text) == file.contentHash;
  });
}

std::shared_ptr<const ir::Unit> LiveAnalysis::parse(const std::string &file, OpenFile &opened, const Buffers &buffers) {
  const facts::CompileJob &job = *opened.job;
  Buffers visible = buffers;
  if (auto own = buffers.find(file); file != job.file && own != buffers.end() && fs::equivalent(file, job.file))
    visible[job.file] = own->second;
  if (!opened.headers)
    opened.headers = std::make_unique<facts::Preamble>();
  auto extract = [&](const facts::CompileJob &one, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> disk) {
    return facts::extract(one, overlay(std::move(disk), visible), *opened.headers);
  };
  run::Observer silent;
  run::RunResult result = run::extractAll({job}, {1, nullptr}, extract, silent);
  run::UnitResult &unit = result.units.front();
  if (unit.state == run::UnitState::Crashed)
    (void)opened.headers.release(); // its state is unknown: leaking is the safe choice
  if (!unit.unit)
    Say(job.file + ": " + unit.failure);
  return std::move(unit.unit);
}

/// Finds the file's command and its project. \returns whether there is one.
bool LiveAnalysis::open(const std::string &file, OpenFile &opened) {
  if (opened.project)
    return true;
  CommandSource commands;
  {
    std::lock_guard<std::mutex> lock(Mutex);
    commands = Commands;
  }
  FileCommand command = findCommand(file, commands);
  if (!command.job)
    return false;
  opened.job = std::move(command.job);
  std::string name = command.database.empty() ? file : command.database;
  std::shared_ptr<Project> project;
  if (auto known = Projects.find(name); known != Projects.end()) {
    project = known->second;
  } else {
    llvm::Expected<suppress::Configuration> configuration = configurationFor(file);
    if (!configuration) // said when it is solved
      llvm::consumeError(configuration.takeError());
    project = std::make_shared<Project>(command.database, command.database.empty() ? opened.job : std::nullopt,
                                        configuration ? *configuration : suppress::Configuration());
    Say(command.database.empty() ? "no compile commands for " + file + "; it is analysed alone"
                                 : "using " + command.database);
    std::lock_guard<std::mutex> lock(Mutex);
    Projects[name] = project;
    if (!command.database.empty())
      Unread.insert(project);
  }
  WakeReader.notify_one();
  opened.project = std::move(project);
  return true;
}

/// Makes the unit of an open file from what the buffers hold.
/// \returns whether there is anything new to solve.
bool LiveAnalysis::renew(const std::string &file, OpenFile &opened, const Buffers &buffers) {
  std::shared_ptr<const Buffer> buffer = buffers.at(file);
  std::shared_ptr<const ir::Unit> unit;
  if (!opened.unit)
    unit = opened.project->recall(*opened.job);
  if (unit && !agrees(*unit, buffers))
    unit = nullptr;
  // A header is parsed as part of a source; what is given is the header alone.
  bool isOwn = file == opened.job->file || fs::equivalent(file, opened.job->file);
  if (!unit && Settings.unitsAreGiven && isOwn) {
    std::lock_guard<std::mutex> lock(Mutex);
    auto given = GivenUnits.find(file);
    if (given == GivenUnits.end() || given->second.textHash != llvm::xxh3_64bits(buffer->text))
      return false; // it will come
    // Made before a header was edited that is open and not saved: whoever gives
    // units takes headers from the disk.
    if (agrees(*given->second.unit, buffers))
      unit = given->second.unit;
  }
  if (!unit)
    unit = parse(file, opened, buffers);
  if (!unit)
    return false;
  if (unit->errorCount && opened.unit && !opened.unit->errorCount)
    return false;
  opened.unit = std::move(unit);
  opened.analysed = std::move(buffer);
  opened.read = buffers;
  return true;
}

/// Adds the open files whose unit reads `file`.
void LiveAnalysis::markReaders(const std::string &file, std::set<std::string> &dirty) const {
  for (const auto &[other, opened] : Files)
    if (other != file && opened.unit &&
        llvm::any_of(opened.unit->files, [&](const ir::File &read) { return opened.unit->text(read.path) == file; }))
      dirty.insert(other);
}

//===----------------------------------------------------------------------===//
// The working thread: findings
//===----------------------------------------------------------------------===//

/// The models for a configuration, kept: reading them takes longer than solving
/// a file.
llvm::Expected<const model::Models *> LiveAnalysis::modelsOf(const suppress::Configuration &configuration) {
  std::unique_ptr<model::Models> &known = ModelSets[configuration.models];
  if (!known) {
    llvm::Expected<std::unique_ptr<model::Models>> models = modelsFor(configuration);
    if (!models)
      return models.takeError();
    known = std::move(*models);
  }
  return known.get();
}

/// \returns false when it was given up.
bool LiveAnalysis::solve(const std::shared_ptr<Project> &project, const std::string &file) {
  {
    std::lock_guard<std::mutex> lock(Mutex);
    SolvePace::Time now = Settings.clock();
    // A newer text may have come after the working thread looked last: while
    // another project was solved, say.
    GivenUp = Stopping || (!Dirty.empty() && Pace.isWorthSkipping(now));
    if (GivenUp)
      return false;
    Pace.begin(now);
  }
  if (Settings.whenSolving)
    Settings.whenSolving();
  bool isDone = solveAndTell(project, file);
  std::lock_guard<std::mutex> lock(Mutex);
  Pace.end(Settings.clock(), isDone);
  return isDone;
}

bool LiveAnalysis::solveAndTell(const std::shared_ptr<Project> &project, const std::string &file) {
  LiveResult result;
  llvm::StringMap<std::shared_ptr<const ir::Unit>> edited;
  Buffers read;
  for (auto &[name, opened] : Files)
    if (opened.project == project && opened.unit) {
      edited[opened.job->file] = opened.unit;
      result.analysed[name] = opened.analysed;
      read.insert(opened.read.begin(), opened.read.end());
    }
  for (auto &[name, buffer] : result.analysed)
    read[name] = buffer;
  result.isWhole = project->isComplete() || project->database().empty();
  ProgramUnits units;
  if (result.isWhole)
    units = project->units(edited);
  else
    for (auto &unit : edited)
      units.units.push_back(unit.second);

  auto trouble = [&](const std::string &text) {
    if (text != LastTrouble)
      Say(text);
    LastTrouble = text;
    return true;
  };
  llvm::Expected<suppress::Configuration> configuration = configurationFor(file);
  if (!configuration)
    return trouble(llvm::toString(configuration.takeError()));
  llvm::Expected<const model::Models *> models = modelsOf(*configuration);
  if (!models)
    return trouble(llvm::toString(models.takeError()));
  std::string failure;
  bool isGivenUp = false;
  bool survived = run::runGuarded([&] {
    llvm::Expected<CheckedProgram> checked = checkProgram(std::move(units), **models, *configuration, &GivenUp);
    if (!checked) {
      failure = llvm::toString(checked.takeError());
      return;
    }
    isGivenUp = !checked->solution;
    if (isGivenUp)
      return;
    result.findings = std::move(checked->findings);
    result.locks = std::make_shared<LockGraph>(*checked->solution);
  });
  if (!survived)
    return trouble("internal error: the analysis of " + file + " crashed; the last findings stay");
  if (!failure.empty())
    return trouble(failure);
  if (isGivenUp)
    return false;
  // The cache copies what it reads, but it reads later.
  auto texts = std::make_shared<Buffers>(std::move(read));
  auto sources = std::make_shared<SourceCache>(overlay(llvm::vfs::createPhysicalFileSystem(), *texts));
  hideCommented(result.findings, *sources);
  llvm::StringMap<EditorChecks> checks; // by folder would miss clangd's conditions
  llvm::erase_if(result.findings, [&](const Finding &finding) {
    auto [entry, isNew] = checks.try_emplace(finding.location.file);
    if (isNew)
      entry->second = EditorChecks(finding.location.file);
    return entry->second.isOff(finding.rule);
  });
  result.sources = std::shared_ptr<SourceCache>(sources.get(), [texts, sources](SourceCache *) mutable {
    sources.reset();
    texts.reset();
  });
  LastTrouble.clear();
  Tell(result);
  return true;
}

/// Waits for something to do. \returns the files to parse again.
std::set<std::string> LiveAnalysis::takeDirty(std::unique_lock<std::mutex> &lock) {
  IsBusy = false;
  WakeReader.notify_one();
  Wake.wait(lock, [&] { return Stopping || !Dirty.empty() || !Unsolved.empty(); });
  // Let the next key be pressed; but show a new file at once.
  bool isNew = llvm::any_of(Dirty, [&](const std::string &file) { return !Files.count(file); });
  while (!Stopping && !Dirty.empty() && !isNew && !Settings.unitsAreGiven) {
    std::size_t before = 0, after = 0;
    for (const auto &[file, buffer] : Open)
      before += buffer->generation;
    Wake.wait_for(lock, Settings.pause);
    for (const auto &[file, buffer] : Open)
      after += buffer->generation;
    if (before == after)
      break;
  }
  IsBusy = true;
  return std::exchange(Dirty, {});
}

void LiveAnalysis::work() {
  std::unique_lock<std::mutex> lock(Mutex);
  for (;;) {
    std::set<std::string> dirty = takeDirty(lock);
    if (Stopping)
      return;
    std::set<std::shared_ptr<Project>> unsolved = std::exchange(Unsolved, {});
    Buffers buffers = Open;
    if (std::exchange(CommandsChanged, false))
      Files.clear();
    lock.unlock();
    std::set<std::string> all = dirty;
    for (const std::string &file : dirty)
      markReaders(file, all);
    for (const std::string &file : all) {
      if (!buffers.count(file)) { // closed: the disk counts again
        if (auto known = Files.find(file); known != Files.end()) {
          unsolved.insert(known->second.project);
          Files.erase(known);
        }
        continue;
      }
      OpenFile &opened = Files[file];
      if (open(file, opened) && renew(file, opened, buffers))
        unsolved.insert(opened.project);
    }
    unsolved.erase(nullptr);
    lock.lock();
    if (Dirty.empty() || !Pace.isWorthSkipping(Settings.clock())) {
      lock.unlock();
      std::erase_if(unsolved, [&](const std::shared_ptr<Project> &project) {
        auto first = llvm::find_if(Files, [&](const auto &entry) { return entry.second.project == project; });
        return first == Files.end() || solve(project, first->first);
      });
      lock.lock();
    }
    Unsolved.insert(unsolved.begin(), unsolved.end());
  }
}

} // namespace gridlock::integrations
