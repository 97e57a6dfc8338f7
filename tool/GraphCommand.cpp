//===- GraphCommand.cpp - gridlock graph ------------------------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/trace/Why.h"
#include "tool/Commands.h"
#include "tool/RunProgram.h"
#include "llvm/Support/FileSystem.h"

namespace gridlock::tool {

static constexpr OptionSpec GraphTable[] = {
    {"--merge", "", "", "also report orders that contradict each other in different runs"},
    {"--why", "", "LOCK", "given twice: explain why this pair of locks was or was not reported"},
    {"--format", "", "FORMAT", "text (default), dot or json"},
    {"-o", "", "FILE", "write there instead of to standard output"},
    {"--quiet", "-q", "", "nothing but errors on standard error"},
};

static llvm::Error write(const trace::MergedGraph &graph, trace::Symbols &symbols, llvm::StringRef format,
                         llvm::StringRef file) {
  std::error_code error;
  llvm::raw_fd_ostream os(file, error);
  if (error)
    return llvm::createStringError("cannot write " + file + ": " + error.message());
  if (format == "dot")
    trace::writeDot(graph, symbols, os);
  else if (format == "json")
    trace::writeJson(graph, symbols, os);
  else
    trace::writeText(graph, symbols, os);
  os.flush();
  if (os.has_error()) {
    std::string message = os.error().message();
    os.clear_error();
    return llvm::createStringError("cannot write " + file + ": " + message);
  }
  return llvm::Error::success();
}

static int runGraph(const Arguments &arguments) {
  Console console(arguments.has("--quiet"));
  std::vector<std::string> names = arguments.values("--why"), paths = arguments.positional();
  // `--why A B TRACE...`: the second name looks like a path to the parser.
  if (names.size() == 1 && paths.size() > 1) {
    names.push_back(paths.front());
    paths.erase(paths.begin());
  }
  llvm::StringRef format = arguments.value("--format", "text");
  if (paths.empty()) {
    console.error("name the traces: gridlock run --trace-dir DIR -- PROGRAM, then gridlock graph DIR");
    return ExitError;
  }
  if (!names.empty() && names.size() != 2) {
    console.error("--why needs two locks: gridlock graph --why A B TRACE...");
    return ExitError;
  }
  if (format != "text" && format != "dot" && format != "json") {
    console.error("--format must be text, dot or json, not '" + format + "'");
    return ExitError;
  }
  llvm::Expected<std::vector<trace::Trace>> traces = readTraces(paths);
  if (!traces) {
    console.error(traces.takeError());
    return ExitError;
  }
  trace::Symbols symbols;
  trace::MergedGraph graph = trace::mergeTraces(*traces, symbols);
  if (!names.empty())
    return trace::explainPair(graph, names[0], names[1], symbols, llvm::outs()) ? ExitClean : ExitError;
  if (llvm::Error error = write(graph, symbols, format, arguments.value("-o", "-"))) {
    console.error(std::move(error));
    return ExitError;
  }
  if (!arguments.has("--merge"))
    return ExitClean;
  std::vector<Finding> findings = trace::cyclesAcrossRuns(graph, symbols);
  Settings settings;
  settings.outputs = {{output::OutputFormat::Text, "-"}};
  if (llvm::Error error = showRunFindings(findings, settings)) {
    console.error(std::move(error));
    return ExitError;
  }
  return findings.empty() ? ExitClean : ExitFindings;
}

CommandSpec graphCommand() {
  return {"graph", "TRACE... [OPTIONS]", "Draws or explains the orders of locks that runs saw", {GraphTable}, runGraph};
}

} // namespace gridlock::tool
