//===- AnnotateCommand.cpp - gridlock annotate ------------------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/annotate/Annotate.h"
#include "engine/compile_db/CompileDb.h"
#include "engine/finding/ApplyFixIts.h"
#include "engine/finding/TextEdits.h"
#include "engine/run/Scheduler.h"
#include "engine/suppress/PathPatterns.h"
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
    {"--rounds", "", "N", "ask Clang at most so often (default: 24); what it still objects to is left out"},
    {"--config", "", "FILE", "configuration (default: the nearest .gridlock.yaml)"},
    {"--model", "", "FILE", "what a library's functions mean; may be repeated"},
    {"--stats", "", "", "counts and times on standard error"},
    {"--quiet", "-q", "", "nothing but errors on standard error"},
};

using annotate::Annotation;
using annotate::AnnotationKind;
using annotate::DropReason;

static std::size_t countKept(llvm::ArrayRef<Annotation> all, AnnotationKind kind) {
  return std::size_t(llvm::count_if(
      all, [&](const Annotation &annotation) { return annotation.kind == kind && !annotation.isDropped(); }));
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
    if (annotation.isDropped() &&
        (annotation.kind == AnnotationKind::GuardedBy || annotation.kind == AnnotationKind::AcquiredAfter))
      left[annotation.reason].push_back(annotation.subject);
  for (const auto &[reason, subjects] : left) {
    std::string text = "left out " + counted(subjects.size(), "proposal") + ": " + reason;
    if (why)
      text += ": " + llvm::join(subjects, ", ");
    console.note(text);
  }
  bool isType = llvm::any_of(result.annotations,
                             [](const Annotation &annotation) { return annotation.why == DropReason::LockType; });
  if (isType)
    console.note("std::mutex is a lock for Clang with libc++ (-stdlib=libc++) only, pthread_mutex_t never: put it into "
                 "a class with lock and unlock, and that class is annotated too");
}

/// The header that the user wants, and what the project is.
struct Place {
  std::string header; ///< absolute; empty: the installed one
  bool makesHeader = false;
  std::string root; ///< nothing outside of it is changed
};

static llvm::Expected<Place> readPlace(const Arguments &arguments, const Settings &settings) {
  Place place;
  place.root = arguments.has("--config") ? currentDirectory() : settings.configuration.folder;
  if (!arguments.has("--header"))
    return place;
  llvm::SmallString<256> path(arguments.value("--header", ""));
  llvm::sys::fs::make_absolute(path);
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  place.header = path.str().str();
  if (!pathBelow(place.root, place.header))
    return llvm::createStringError("--header: %s is outside of the project, %s", place.header.c_str(),
                                   place.root.c_str());
  place.makesHeader = !llvm::sys::fs::exists(path);
  if (!place.makesHeader && !llvm::sys::fs::is_regular_file(path))
    return llvm::createStringError("--header: %s is no file", place.header.c_str());
  return place;
}

static llvm::Error applyEdits(const annotate::Result &result, const Place &place, Console &console) {
  Finding carrier;
  carrier.fixIts.push_back({"annotate", /*safe=*/true, result.edits});
  FixOptions options;
  if (place.makesHeader)
    options.newFiles.push_back({place.header, annotate::headerText().str(), /*isNew=*/true});
  llvm::Expected<FixResult> done = applyFixIts(carrier, options);
  if (!done)
    return llvm::createStringError(llvm::join(llvm::split(llvm::toString(done.takeError()), '\n'), "; ") +
                                   "; nothing was changed");
  if (!done->applied)
    return llvm::createStringError("two annotations want the same place; nothing was changed");
  console.note("changed " + counted(done->files.size(), "file"));
  return llvm::Error::success();
}

static void printDiff(const annotate::Result &result, const Place &place) {
  SourceCache sources;
  if (place.makesHeader)
    llvm::outs() << annotate::newFileDiff(place.header, annotate::headerText(), place.root);
  llvm::outs() << annotate::unifiedDiff(result.edits, sources, place.root);
}

static std::string refusalText(const std::string &refusal, const Place &place) {
  std::string text = refusal + "; nothing was changed";
  if (place.header.empty())
    text += "; is <gridlock/thread_safety.h> on the include path? `--header FILE` writes a copy into the project";
  else if (!place.makesHeader)
    text += "; " + place.header + " was there before: does it have these macros?";
  return text;
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
  llvm::Expected<Place> place = readPlace(arguments, *settings);
  if (!place)
    return fail(place.takeError());
  unsigned rounds = annotate::Options().roundLimit;
  if (arguments.has("--rounds") && (arguments.value("--rounds", "").getAsInteger(10, rounds) || !rounds))
    return fail(llvm::createStringError("--rounds takes a number, at least 1"));
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

  llvm::Expected<suppress::PathPatterns> excluded =
      suppress::PathPatterns::create(settings->configuration.exclude, settings->configuration.folder);
  if (!excluded)
    return fail(llvm::createStringError("`exclude`: " + llvm::toString(excluded.takeError())));
  annotate::Options options;
  options.threads = settings->threads;
  options.roundLimit = rounds;
  options.makesHeader = place->makesHeader;
  if (!place->header.empty())
    options.header = place->header;
  options.whyNotChanged = [&](llvm::StringRef file) -> std::string {
    if (!pathBelow(place->root, file))
      return "the file is outside of the project, " + place->root;
    return excluded->match(file).empty() ? "" : "the configuration excludes the file";
  };
  annotate::Result result;
  bool survived = run::runGuarded([&] { result = annotate::annotate(*solved->solution, jobs->jobs, options); });
  console.clearProgress();
  if (!survived)
    return fail(llvm::createStringError("internal error: the annotator crashed; nothing was changed"));
  watch.lap("annotate", counted(result.rounds, "round"));
  if (!result.refusal.empty())
    return fail(llvm::createStringError(refusalText(result.refusal, *place)));
  summarise(result, arguments.has("--why"), console);
  if (result.edits.empty())
    return units->hadErrors ? ExitError : ExitClean;
  if (!arguments.has("--apply"))
    printDiff(result, *place);
  else if (llvm::Error error = applyEdits(result, *place, console))
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
