//===- DoctorCommand.cpp - gridlock doctor ----------------------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a person looks at when nothing works: which program this is, what it
// found around it, and what the parser says about one file.
//
//===----------------------------------------------------------------------===//

#include "checks/Registry.h"
#include "engine/facts/Arguments.h"
#include "engine/facts/Facts.h"
#include "tool/Analysis.h"
#include "tool/Commands.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Threading.h"

namespace gridlock::tool {

static constexpr OptionSpec DoctorTable[] = {
    {"-p", "", "BUILD_DIR", "folder of compile_commands.json (default: searched for)"},
};

static void row(llvm::StringRef what, const llvm::Twine &value) {
  llvm::outs() << llvm::left_justify((what + ":").str(), 20) << value << "\n";
}

/// \returns whether the parser will find `stddef.h`.
static bool describeProgram() {
  std::string resources = facts::resourceDirectory();
  row("version", versionText());
  row("rules", llvm::Twine(checks::allRules().size()));
  row("processors", llvm::Twine(llvm::hardware_concurrency().compute_thread_count()));
  row("resource directory",
      resources.empty() ? "not found: <stddef.h> and the like will be missing; install the package libclang-common-" +
                              std::to_string(LLVM_VERSION_MAJOR) + "-dev"
                        : resources);
  return !resources.empty();
}

static void describeConfiguration() {
  std::optional<std::string> file = suppress::findConfigurationFile(currentDirectory());
  row("configuration", file ? *file : "none (.gridlock.yaml)");
}

static bool describeDatabase(const compile_db::Request &request) {
  llvm::Expected<compile_db::JobSet> jobs = compile_db::collectJobs(request);
  if (!jobs) {
    row("database", llvm::toString(jobs.takeError()));
    return false;
  }
  row("database", jobs->database.empty() ? "none" : jobs->database);
  row("commands", llvm::Twine(jobs->databaseEntries) + ", " + llvm::Twine(jobs->jobs.size()) + " for C and C++");
  row("programs", jobs->programs.empty() ? llvm::Twine("the build does not say what is linked together")
                                         : llvm::Twine(jobs->programs.size()));
  for (const std::string &note : jobs->notes)
    row("note", note);
  return jobs->errors.empty();
}

/// Parses the files and tells what came of it.
static bool describeFiles(const compile_db::Request &request) {
  llvm::Expected<compile_db::JobSet> jobs = compile_db::collectJobs(request);
  if (!jobs) {
    row("command", llvm::toString(jobs.takeError()));
    return false;
  }
  for (const std::string &error : jobs->errors)
    row("command", error);
  for (const std::string &note : jobs->notes)
    row("note", note);
  run::Observer silent;
  run::RunResult result = run::extractAll(jobs->jobs, {}, facts::extract, silent);
  bool clean = jobs->errors.empty();
  for (std::size_t i = 0; i < jobs->jobs.size(); ++i) {
    const facts::CompileJob &job = jobs->jobs[i];
    const run::UnitResult &unit = result.units[i];
    row("file", job.file);
    row("  directory", job.directory);
    row("  command", llvm::join(job.arguments, " "));
    if (!unit.unit)
      row("  parser", unit.failure);
    else if (unit.unit->errorCount != 0)
      row("  parser",
          counted(unit.unit->errorCount, "error") + ", first: " + std::string(unit.unit->text(unit.unit->firstError)));
    else
      row("  parser", "no errors; " + counted(unit.unit->files.size() - 1, "file") + " read, " +
                          counted(unit.unit->functions.size() - 1, "function"));
    clean &= unit.isClean();
  }
  return clean;
}

static int runDoctor(const Arguments &arguments) {
  compile_db::Request request = readRequest(arguments);
  bool healthy = describeProgram();
  describeConfiguration();
  if (!request.hasFlags) {
    compile_db::Request everything = request;
    everything.paths.clear();
    bool found = describeDatabase(everything);
    healthy &= found || !request.paths.empty();
  }
  if (!request.paths.empty())
    healthy &= describeFiles(request);
  return healthy ? ExitClean : ExitError;
}

CommandSpec doctorCommand() {
  return {"doctor",
          "[FILE...] [-p BUILD_DIR] [-- COMPILER_FLAGS...]",
          "Shows what Gridlock finds here, and how a file parses",
          {DoctorTable},
          runDoctor};
}

} // namespace gridlock::tool
