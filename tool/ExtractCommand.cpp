//===- ExtractCommand.cpp - gridlock extract --------------------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The first half of `check` as a build action: one source in, one summary out,
// and a dependency file in the form that Make and Ninja read.
//
//===----------------------------------------------------------------------===//

#include "engine/facts/Facts.h"
#include "engine/summary/Dump.h"
#include "engine/summary/Store.h"
#include "output/OutputFile.h"
#include "tool/Analysis.h"
#include "tool/Commands.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"

namespace gridlock::tool {

static constexpr OptionSpec ExtractTable[] = {
    {"-o", "", "FILE", "the summary to write"},
    {"-MF", "", "DEPFILE", "write the files that were read, for Make and Ninja"},
    {"-p", "", "BUILD_DIR", "folder of compile_commands.json, instead of flags"},
    {"--relative", "", "", "name files below this folder relative to it, for builds in sandboxes"},
    {"--dump", "", "", "print the summary's tables"},
    {"--strict", "", "", "exit status 3 when the file does not parse cleanly"},
    {"--quiet", "-q", "", "nothing but errors on standard error"},
};

/// Escapes what Make takes for the end of a name.
static std::string escapeForMake(llvm::StringRef path) {
  std::string escaped;
  for (char character : path) {
    if (character == ' ' || character == '#')
      escaped += '\\';
    if (character == '$')
      escaped += '$';
    escaped += character;
  }
  return escaped;
}

static llvm::Error writeDependencies(const ir::Unit &unit, llvm::StringRef target, llvm::StringRef file) {
  return output::writeOutputFile(file, [&](llvm::raw_ostream &stream) {
    stream << escapeForMake(target) << ":";
    for (const ir::File &read : llvm::ArrayRef(unit.files).drop_front())
      stream << " \\\n  " << escapeForMake(unit.text(read.path));
    stream << "\n";
    return llvm::Error::success();
  });
}

/// Takes the working folder off the names of files: a sandbox or a machine of a
/// build service has another one each time. `link` puts its own in front.
static void makeRelative(ir::Unit &unit) {
  llvm::SmallString<256> folder;
  if (llvm::sys::fs::current_path(folder))
    return;
  folder += "/";
  auto strip = [&](ir::Index text) {
    llvm::StringRef name = unit.strings[text];
    if (name.consume_front(folder))
      unit.strings[text] = name.str();
  };
  for (const ir::File &file : unit.files)
    strip(file.path);
  strip(unit.firstError);
}

/// The one job that the command line means.
static llvm::Expected<facts::CompileJob> findJob(const Arguments &arguments, Console &console) {
  if (arguments.positional().size() != 1)
    return llvm::createStringError("name one source file: gridlock extract a.cpp -o a.gls -- FLAGS");
  llvm::Expected<compile_db::JobSet> jobs = compile_db::collectJobs(readRequest(arguments));
  if (!jobs)
    return jobs.takeError();
  if (!jobs->errors.empty())
    return llvm::createStringError(jobs->errors.front());
  for (const std::string &note : jobs->notes)
    console.note(note);
  if (jobs->jobs.size() != 1)
    return llvm::createStringError(arguments.positional().front() + " stands for " +
                                   counted(jobs->jobs.size(), "file") + "; extract takes one");
  return std::move(jobs->jobs.front());
}

static int runExtract(const Arguments &arguments) {
  Console console(arguments.has("--quiet"));
  if (!arguments.has("-o") && !arguments.has("--dump")) {
    console.error("extract needs -o FILE.gls");
    return ExitError;
  }
  llvm::Expected<facts::CompileJob> job = findJob(arguments, console);
  if (!job) {
    console.error(job.takeError());
    return ExitError;
  }
  run::Observer silent;
  run::RunResult result = run::extractAll(*job, {.threads = 1}, facts::extract, silent);
  run::UnitResult &unit = result.units.front();
  if (!unit.unit) {
    console.error(shownPath(job->file) + ": " + unit.failure);
    return ExitError;
  }
  if (!unit.isClean())
    console.warning(shownPath(job->file) + ": " + counted(unit.unit->errorCount, "error") +
                    " while parsing, first: " + llvm::StringRef(unit.unit->text(unit.unit->firstError)));

  if (arguments.has("--relative")) {
    auto relative = std::make_shared<ir::Unit>(*unit.unit);
    makeRelative(*relative);
    unit.unit = std::move(relative);
  }
  std::string output = arguments.value("-o").str();
  llvm::Error error = llvm::Error::success();
  if (arguments.has("--dump"))
    ir::dump(*unit.unit, llvm::outs());
  if (!output.empty())
    error =
        output::writeOutputFile(output, [&](llvm::raw_ostream &stream) { return ir::writeUnit(*unit.unit, stream); });
  if (!error && arguments.has("-MF"))
    error = writeDependencies(*unit.unit, output, arguments.value("-MF"));
  if (error) {
    console.error("cannot write " + output + ": " + llvm::toString(std::move(error)));
    return ExitError;
  }
  return arguments.has("--strict") && !unit.isClean() ? ExitIncomplete : ExitClean;
}

CommandSpec extractCommand() {
  return {"extract",
          "SOURCE -o FILE.gls [OPTIONS] [-- COMPILER_FLAGS...]",
          "Writes the summary of one file, as a build action",
          {ExtractTable},
          runExtract};
}

} // namespace gridlock::tool
