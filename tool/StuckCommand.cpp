//===- StuckCommand.cpp - gridlock stuck ------------------------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/trace/Stuck.h"
#include "tool/Analysis.h"
#include "tool/Commands.h"

namespace gridlock::tool {

static void listWaiters(const trace::Hung &hung, trace::Symbols &symbols, Console &console) {
  for (const trace::Waiter &waiter : hung.waiters) {
    std::string line = "thread " + std::to_string(waiter.thread) + " `" + waiter.name + "` ";
    line += waiter.kind == trace::Waiter::NotWaiting ? "waits for no lock" : "waits for " + waiter.what;
    if (waiter.holder && waiter.kind != trace::Waiter::Join)
      line += ", held by thread " + std::to_string(waiter.holder);
    if (const trace::SourceFrame *frame = symbols.userFrame(hung.process, waiter.stack))
      line += ", at " + trace::shortPlace(*frame) + (frame->function.empty() ? "" : " in " + frame->function);
    console.note(line);
  }
}

static int runStuck(const Arguments &arguments) {
  Console console(arguments.has("--quiet"));
  int process = 0;
  if (arguments.positional().size() != 1 || llvm::StringRef(arguments.positional().front()).getAsInteger(10, process) ||
      process <= 0) {
    console.error("name the number of one process: gridlock stuck 4711");
    return ExitError;
  }
  std::vector<const char *> words;
  llvm::Expected<Settings> settings = readSettings(llvm::cantFail(Arguments::parse(checkCommand(), words)));
  if (!settings) {
    console.error(settings.takeError());
    return ExitError;
  }
  if (arguments.has("--format")) {
    std::optional<output::OutputFormat> format = output::parseOutputFormat(arguments.value("--format"));
    if (!format) {
      console.error("there is no format '" + arguments.value("--format") + "'");
      return ExitError;
    }
    settings->outputs = {{*format, "-"}};
  }
  trace::Symbols symbols;
  llvm::Expected<trace::Hung> hung = trace::lookAtProcess(process, symbols);
  if (!hung) {
    console.error(hung.takeError());
    return ExitError;
  }
  SourceCache sources;
  Units none;
  if (llvm::Error error = writeOutputs(hung->findings, none, *settings, sources)) {
    console.error(std::move(error));
    return ExitError;
  }
  listWaiters(*hung, symbols, console);
  if (!hung->findings.empty())
    return ExitFindings;
  console.note("no cycle of threads that wait for each other was found; waits on conditions, semaphores and other "
               "processes have no owner to look at");
  return ExitClean;
}

static constexpr OptionSpec StuckTable[] = {
    {"--format", "", "FORMAT", "text (default), json, sarif, dot and the others of `check`"},
    {"--quiet", "-q", "", "nothing but errors on standard error"},
};

CommandSpec stuckCommand() {
  return {"stuck", "PROCESS [OPTIONS]", "Says who waits for whom in a process that hangs", {StuckTable}, runStuck};
}

} // namespace gridlock::tool
