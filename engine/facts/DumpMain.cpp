//===- DumpMain.cpp - Prints the events of one file -----------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A development tool: `gridlock-dump [--declarations] [--no-locations]
/// [--no-records] [--function NAME] [--quiet] FILE -- FLAGS`.
///
//===----------------------------------------------------------------------===//

#include "engine/facts/Facts.h"
#include "engine/summary/Dump.h"
#include "engine/summary/Store.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace gridlock;

int main(int count, char **values) {
  ir::DumpOptions options;
  bool isQuiet = false, isFlags = false;
  std::string file, function;
  std::vector<std::string> flags;
  for (int i = 1; i < count; ++i) {
    const llvm::StringRef argument(values[i]);
    if (isFlags)
      flags.emplace_back(argument);
    else if (argument == "--")
      isFlags = true;
    else if (argument == "--declarations")
      options.withDeclarations = true;
    else if (argument == "--no-locations")
      options.withLocations = false;
    else if (argument == "--no-records")
      options.withRecords = false;
    else if (argument == "--function" && i + 1 < count)
      function = values[++i];
    else if (argument == "--quiet")
      isQuiet = true;
    else
      file = argument.str();
  }
  if (file.empty()) {
    llvm::errs() << "usage: gridlock-dump [--declarations] [--no-locations] [--no-records] [--function NAME]"
                    " [--quiet] FILE -- FLAGS\n";
    return 2;
  }
  llvm::SmallString<256> directory, path(file);
  llvm::sys::fs::current_path(directory);
  llvm::sys::fs::make_absolute(path);
  facts::CompileJob job;
  job.file = path.str().str();
  job.directory = directory.str().str();
  job.arguments = {"clang"};
  job.arguments.insert(job.arguments.end(), flags.begin(), flags.end());
  job.arguments.push_back(job.file);
  const facts::Extraction extraction = facts::extract(job, llvm::vfs::createPhysicalFileSystem());
  if (!extraction.unit) {
    llvm::errs() << "gridlock-dump: " << extraction.failure << "\n";
    return 1;
  }
  const ir::Unit &unit = *extraction.unit;
  if (llvm::Error error = ir::verifyUnit(unit)) {
    llvm::errs() << "gridlock-dump: " << llvm::toString(std::move(error)) << "\n";
    return 3;
  }
  if (!function.empty()) {
    for (ir::Index i = 1; i < unit.functions.size(); ++i)
      if (unit.text(unit.functions[i].qualifiedName) == function)
        ir::dumpFunction(unit, i, llvm::outs(), options);
    return 0;
  }
  if (!isQuiet)
    ir::dump(unit, llvm::outs(), options);
  llvm::errs() << file << ": " << unit.errorCount << " errors, " << unit.functions.size() << " functions, "
               << unit.blocks.size() << " blocks, " << unit.events.size() << " events, " << unit.exprs.size()
               << " expressions, " << unit.records.size() << " records, " << unit.strings.size() << " strings\n";
  return 0;
}
