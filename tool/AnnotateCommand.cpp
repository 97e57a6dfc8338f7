//===- AnnotateCommand.cpp - gridlock annotate ------------------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/annotate/Annotate.h"
#include "engine/compile_db/CompileDb.h"
#include "engine/finding/ApplyFixIts.h"
#include "engine/run/Scheduler.h"
#include "tool/Analysis.h"
#include "tool/Commands.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <map>

namespace gridlock::tool {

static constexpr OptionSpec AnnotateTable[] = {
    {"--apply", "", "", "change the files instead of printing a diff"},
    {"--header", "", "FILE", "write the macros there and include that file (default: <gridlock/thread_safety.h>)"},
    {"--why", "", "", "also name what was left out"},
    {"--config", "", "FILE", "configuration (default: the nearest .gridlock.yaml)"},
    {"--model", "", "FILE", "what a library's functions mean; may be repeated"},
    {"--stats", "", "", "counts and times on standard error"},
    {"--quiet", "-q", "", "nothing but errors on standard error"},
};

using annotate::Annotation;
using annotate::AnnotationKind;

static std::size_t countKept(llvm::ArrayRef<Annotation> all, AnnotationKind kind) {
  return std::size_t(llvm::count_if(
      all, [&](const Annotation &annotation) { return annotation.kind == kind && !annotation.isDropped; }));
}

static void summarise(const annotate::Result &result, bool why, Console &console) {
  auto kept = [&](AnnotationKind kind) { return countKept(result.annotations, kind); };
  console.note(counted(kept(AnnotationKind::GuardedBy), "guard") + ", " +
               counted(kept(AnnotationKind::Requires), "requirement") + ", " +
               counted(kept(AnnotationKind::AcquiredAfter), "lock order") + ", " +
               counted(kept(AnnotationKind::Capability) + kept(AnnotationKind::ScopedCapability), "lock type") +
               " annotated" + (result.edits.empty() ? "" : "; Clang accepts them"));
  std::map<std::string, std::vector<std::string>> left;
  for (const Annotation &annotation : result.annotations)
    if (annotation.isDropped &&
        (annotation.kind == AnnotationKind::GuardedBy || annotation.kind == AnnotationKind::AcquiredAfter))
      left[annotation.reason].push_back(annotation.subject);
  for (const auto &[reason, subjects] : left) {
    std::string text = "left out " + counted(subjects.size(), "proposal") + ": " + reason;
    if (why)
      text += ": " + llvm::join(subjects, ", ");
    console.note(text);
  }
  bool isType = llvm::any_of(left, [](const auto &entry) { return llvm::StringRef(entry.first).contains("type"); });
  if (isType)
    console.note("std::mutex is a lock for Clang with libc++ (-stdlib=libc++) only, pthread_mutex_t never: put it into "
                 "a class with lock and unlock, and that class is annotated too");
}

static llvm::Error writeHeader(const std::string &file) {
  if (std::error_code error = llvm::sys::fs::create_directories(llvm::sys::path::parent_path(file)))
    return llvm::createStringError("cannot write %s: %s", file.c_str(), error.message().c_str());
  return llvm::writeToOutput(file, [&](llvm::raw_ostream &stream) {
    stream << annotate::headerText();
    return llvm::Error::success();
  });
}

static llvm::Error applyEdits(const annotate::Result &result, Console &console) {
  Finding carrier;
  carrier.fixIts.push_back({"annotate", /*safe=*/true, result.edits});
  llvm::Expected<FixResult> done = applyFixIts(carrier);
  if (!done)
    return done.takeError();
  if (!done->applied)
    return llvm::createStringError("two annotations want the same place; nothing was changed");
  console.note("changed " + counted(done->files.size(), "file"));
  return llvm::Error::success();
}

static llvm::Error show(const annotate::Result &result, const Arguments &arguments, const std::string &header,
                        Console &console) {
  bool isNewHeader = !header.empty() && !llvm::sys::fs::exists(header);
  if (arguments.has("--apply")) {
    if (isNewHeader)
      if (llvm::Error error = writeHeader(header))
        return error;
    return applyEdits(result, console);
  }
  SourceCache sources;
  if (isNewHeader)
    llvm::outs() << annotate::newFileDiff(header, annotate::headerText(), currentDirectory());
  llvm::outs() << annotate::unifiedDiff(result.edits, sources, currentDirectory());
  return llvm::Error::success();
}

static int runAnnotate(const Arguments &arguments) {
  Console console(arguments.has("--quiet"));
  auto fail = [&](llvm::Error error) {
    console.error(std::move(error));
    return ExitError;
  };
  llvm::Expected<Settings> settings = readSettings(arguments);
  if (!settings)
    return fail(settings.takeError());
  Stopwatch watch(settings->stats, console);
  compile_db::Request request = readRequest(arguments);
  llvm::Expected<compile_db::JobSet> jobs = compile_db::collectJobs(request);
  if (!jobs)
    return fail(jobs.takeError());
  llvm::Expected<Units> units = extractUnits(request, *settings, console, watch);
  if (!units)
    return fail(units.takeError());
  llvm::Expected<std::unique_ptr<model::Models>> models = loadModels(*settings);
  if (!models)
    return fail(models.takeError());
  llvm::Expected<Solved> solved = solveUnits(*units, **models, *settings, watch, /*keepsGuarded=*/true);
  if (!solved)
    return fail(solved.takeError());

  annotate::Options options;
  options.threads = settings->threads;
  std::string header;
  if (arguments.has("--header")) {
    llvm::SmallString<256> path(arguments.value("--header", ""));
    llvm::sys::fs::make_absolute(path);
    llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
    options.header = header = path.str().str();
  }
  annotate::Result result;
  bool survived = run::runGuarded([&] { result = annotate::annotate(*solved->solution, jobs->jobs, options); });
  console.clearProgress();
  if (!survived)
    return fail(llvm::createStringError("internal error: the annotator crashed; nothing was changed"));
  watch.lap("annotate", counted(result.rounds, "round"));
  summarise(result, arguments.has("--why"), console);
  if (result.edits.empty())
    return units->hadErrors ? ExitError : ExitClean;
  if (llvm::Error error = show(result, arguments, header, console))
    return fail(std::move(error));
  return units->hadErrors ? ExitError : ExitClean;
}

CommandSpec annotateCommand() {
  return {"annotate",
          "[PATH...] [OPTIONS] [-- COMPILER_FLAGS...]",
          "Writes what locks guard into the source, for Clang to check",
          {buildOptions(), AnnotateTable},
          runAnnotate};
}

} // namespace gridlock::tool
