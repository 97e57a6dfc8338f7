//===- Settings.h - What a run is asked to do -------------------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The configuration file and the command line, merged; the command line wins.
/// The tables of options that several subcommands share.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_TOOL_SETTINGS_H
#define GRIDLOCK_TOOL_SETTINGS_H

#include "engine/compile_db/CompileDb.h"
#include "engine/finding/RuleInfo.h"
#include "engine/suppress/Configuration.h"
#include "output/Output.h"
#include "tool/Options.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace gridlock::tool {

struct OutputRequest {
  output::OutputFormat format = output::OutputFormat::Text;
  std::string file; ///< "-" is standard output
};

struct Settings {
  suppress::Configuration configuration;
  std::vector<RuleInfo> rules; ///< all of them
  std::vector<OutputRequest> outputs;
  std::string baseline;       ///< a file, or ""
  std::string diffBase;       ///< a revision, or ""
  std::string cacheDirectory; ///< as asked for; "": beside the database
  bool useCache = true;
  unsigned threads = 0;
  bool quiet = false, strict = false, stats = false, color = false;
  bool fix = false, unsafeFixes = false;
  bool unusedNolint = false;
};

/// Options about what is analysed, how, and where results go.
llvm::ArrayRef<OptionSpec> buildOptions();
llvm::ArrayRef<OptionSpec> analysisOptions();
llvm::ArrayRef<OptionSpec> outputOptions();

/// Reads the configuration file that the options or the paths name, and puts
/// the options over it.
/// \returns one line: what is wrong, and what is allowed.
llvm::Expected<Settings> readSettings(const Arguments &arguments);

/// The paths, flags and build folder that the command line names.
compile_db::Request readRequest(const Arguments &arguments);

std::string currentDirectory();

} // namespace gridlock::tool

#endif // GRIDLOCK_TOOL_SETTINGS_H
