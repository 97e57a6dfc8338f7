//===- ConfirmCommand.cpp - gridlock confirm --------------------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// With --provoke the first run only records. What it saw of the findings makes
// the plan of the next ones, in which threads pause before the inner locks; the
// pauses grow from run to run.
//
//===----------------------------------------------------------------------===//

#include "engine/trace/Confirm.h"
#include "tool/Analysis.h"
#include "tool/Commands.h"
#include "tool/RunProgram.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

namespace gridlock::tool {

static constexpr unsigned MostRuns = 5, FirstPause = 100;

static constexpr OptionSpec ConfirmTable[] = {
    {"--provoke", "", "", "run the program after '--' and steer it into the deadlocks"},
    {"--findings", "", "FILE", "what `gridlock check --format json` wrote (default: analyse now)"},
    {"-p", "", "BUILD_DIR", "folder of compile_commands.json for the analysis"},
    {"--format", "", "FORMAT", "text (default) or json"},
    {"--at-deadlock", "", "ACTION", "with --provoke: exit (default), abort, or hang for a debugger"},
    {"--runtime", "", "FILE", "the run-time library (default: the one beside this program)"},
    {"--no-cache", "", "", "parse everything again, keep nothing"},
    {"--quiet", "-q", "", "nothing but errors on standard error"},
};

/// The findings to confirm: read, or made now.
static llvm::Expected<std::vector<Finding>> findingsToConfirm(const Arguments &arguments, const Settings &settings,
                                                              Console &console) {
  if (arguments.has("--findings")) {
    std::string file = arguments.value("--findings").str();
    auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(file);
    if (!buffer)
      return llvm::createStringError("cannot read " + file + ": " + buffer.getError().message());
    llvm::Expected<output::Report> report = output::readReport((*buffer)->getBuffer());
    if (!report)
      return llvm::createStringError(file + ": " + llvm::toString(report.takeError()));
    return std::move(report->findings);
  }
  compile_db::Request request;
  request.buildDirectory = arguments.value("-p").str();
  request.workingDirectory = currentDirectory();
  Stopwatch watch(false, console);
  llvm::Expected<Units> units = extractUnits(request, settings, console, watch);
  if (!units)
    return units.takeError();
  SourceCache sources;
  return analyse(*units, settings, sources, console, watch);
}

namespace {

/// Everything that is known so far.
struct State {
  std::vector<Finding> findings, ofRuns, provoked;
  std::vector<trace::Trace> traces;
  trace::Confirmed confirmed;
  std::string plan;
};

} // namespace

static void judge(State &state, trace::Symbols &symbols) {
  trace::MergedGraph graph = trace::mergeTraces(state.traces, symbols);
  state.ofRuns = trace::findingsOf(state.traces, symbols);
  state.confirmed = trace::confirm(state.findings, state.ofRuns, graph, symbols);
  state.plan = trace::provokePlan(state.confirmed, graph);
  state.provoked.clear();
  for (const Finding &run : state.ofRuns) {
    if (run.rule != "deadlock" || run.message.find("provoked") == std::string::npos)
      continue;
    state.provoked.push_back(run);
    for (trace::Confirmation &confirmation : state.confirmed.confirmations)
      if (trace::isAbout(state.findings[confirmation.finding], run))
        confirmation.verdict = trace::Verdict::Provoked;
  }
}

/// Whether another run may confirm more.
static bool isOpen(const State &state) {
  for (const trace::Confirmation &confirmation : state.confirmed.confirmations)
    if (confirmation.verdict == trace::Verdict::Seen || confirmation.verdict == trace::Verdict::NeverTogether)
      return true;
  return !state.confirmed.missed.empty() && state.provoked.empty();
}

static llvm::Error provoke(State &state, const Arguments &arguments, const Settings &settings, trace::Symbols &symbols,
                           Console &console) {
  RunRequest request;
  request.command = arguments.afterSeparator();
  request.runtime = arguments.value("--runtime").str();
  request.endWhenStuck = true;
  llvm::SmallString<128> plan;
  if (std::error_code error = llvm::sys::fs::createTemporaryFile("gridlock-plan", "txt", plan))
    return llvm::createStringError("cannot make a temporary file: " + error.message());
  llvm::scope_exit removed([&] { llvm::sys::fs::remove(plan); });
  llvm::StringRef action = arguments.value("--at-deadlock", "exit");
  unsigned pause = FirstPause;
  for (unsigned run = 0; run <= MostRuns; ++run) {
    if (run > 0) {
      std::error_code error;
      llvm::raw_fd_ostream os(plan, error);
      os << state.plan;
      request.options = {"provoke=" + plan.str().str(), "provoke_ms=" + std::to_string(pause),
                         "provoke_end=" + std::string(action == "abort"  ? "1"
                                                      : action == "hang" ? "2"
                                                                         : "0")};
      pause *= 2;
    }
    console.note(run == 0 ? "recording a run"
                          : "steering, run " + llvm::Twine(run) + " of at most " + llvm::Twine(MostRuns));
    llvm::Expected<RunResult> result = runProgram(request, settings, symbols, console);
    if (!result)
      return result.takeError();
    for (trace::Trace &trace : result->traces)
      state.traces.push_back(std::move(trace));
    judge(state, symbols);
    if (!isOpen(state) || state.plan.empty())
      break;
  }
  return llvm::Error::success();
}

static void writeText(const State &state, llvm::raw_ostream &os) {
  for (const trace::Confirmation &confirmation : state.confirmed.confirmations) {
    const Finding &finding = state.findings[confirmation.finding];
    os << shownPath(finding.location.file) << ":" << finding.location.line << ": "
       << trace::toString(confirmation.verdict) << ": " << finding.message << " [" << finding.rule << "]\n";
    for (const std::string &note : confirmation.notes)
      os << "  " << note << "\n";
  }
  if (state.confirmed.confirmations.empty())
    os << "the analysis found no cycle of locks to confirm\n";
  for (const Finding &run : state.confirmed.missed)
    os << shownPath(run.location.file) << ":" << run.location.line << ": only a run shows this: " << run.message << " ["
       << run.rule << "]\n";
}

static void writeJson(const State &state, llvm::raw_ostream &os) {
  llvm::json::OStream json(os, 2);
  auto place = [&](const Finding &finding) {
    json.attribute("rule", finding.rule);
    json.attribute("file", llvm::json::fixUTF8(shownPath(finding.location.file)));
    json.attribute("line", finding.location.line);
    json.attribute("message", llvm::json::fixUTF8(finding.message));
    json.attribute("fingerprint", finding.fingerprint);
  };
  json.object([&] {
    json.attribute("version", 1);
    json.attributeArray("findings", [&] {
      for (const trace::Confirmation &confirmation : state.confirmed.confirmations)
        json.object([&] {
          place(state.findings[confirmation.finding]);
          json.attribute("verdict", trace::toString(confirmation.verdict));
          json.attributeArray("notes", [&] {
            for (const std::string &note : confirmation.notes)
              json.value(llvm::json::fixUTF8(note));
          });
        });
    });
    json.attributeArray("onlyInRuns", [&] {
      for (const Finding &run : state.confirmed.missed)
        json.object([&] { place(run); });
    });
  });
  os << "\n";
}

/// The words that the analysis knows; the rest means other things there.
static Arguments analysisArguments(const Arguments &arguments) {
  static const CommandSpec check = checkCommand();
  std::vector<const char *> words;
  for (llvm::StringLiteral flag : {llvm::StringLiteral("--quiet"), llvm::StringLiteral("--no-cache")})
    if (arguments.has(flag))
      words.push_back(flag.data());
  return llvm::cantFail(Arguments::parse(check, words));
}

/// What is wrong with the command line; empty when nothing is.
static std::string mistakeIn(const Arguments &arguments) {
  llvm::StringRef format = arguments.value("--format", "text"), action = arguments.value("--at-deadlock", "exit");
  if (format != "text" && format != "json")
    return ("--format must be text or json, not '" + format + "'").str();
  if (action != "exit" && action != "abort" && action != "hang")
    return ("--at-deadlock must be exit, abort or hang, not '" + action + "'").str();
  if (arguments.has("--provoke") && arguments.afterSeparator().empty())
    return "name the program after '--': gridlock confirm --provoke -- ./server";
  if (!arguments.has("--provoke") && arguments.positional().empty())
    return "name the traces: gridlock run --trace-dir DIR -- PROGRAM, then gridlock confirm DIR";
  return "";
}

static int runConfirm(const Arguments &arguments) {
  Console console(arguments.has("--quiet"));
  if (std::string mistake = mistakeIn(arguments); !mistake.empty()) {
    console.error(mistake);
    return ExitError;
  }
  llvm::Expected<Settings> read = readSettings(analysisArguments(arguments));
  if (!read) {
    console.error(read.takeError());
    return ExitError;
  }
  Settings settings = std::move(*read);
  State state;
  trace::Symbols symbols;
  llvm::Expected<std::vector<Finding>> findings = findingsToConfirm(arguments, settings, console);
  llvm::Expected<std::vector<trace::Trace>> traces = readTraces(arguments.positional());
  if (!findings || !traces) {
    if (!findings)
      console.error(findings.takeError());
    if (!traces)
      console.error(traces.takeError());
    return ExitError;
  }
  state.findings = std::move(*findings);
  state.traces = std::move(*traces);
  judge(state, symbols);
  if (arguments.has("--provoke"))
    if (llvm::Error error = provoke(state, arguments, settings, symbols, console)) {
      console.error(std::move(error));
      return ExitError;
    }
  if (arguments.value("--format") == "json")
    writeJson(state, llvm::outs());
  else
    writeText(state, llvm::outs());
  llvm::outs().flush();
  settings.outputs = {{output::OutputFormat::Text, "-"}};
  if (llvm::Error error = showRunFindings(state.provoked, settings)) {
    console.error(std::move(error));
    return ExitError;
  }
  console.note("what no run did may still happen: no verdict says that a finding is wrong");
  bool any = !state.confirmed.missed.empty() || !state.provoked.empty();
  for (const trace::Confirmation &confirmation : state.confirmed.confirmations)
    any |= confirmation.verdict == trace::Verdict::Seen || confirmation.verdict == trace::Verdict::Provoked;
  return any ? ExitFindings : ExitClean;
}

CommandSpec confirmCommand() {
  return {"confirm",
          "TRACE... [OPTIONS] | --provoke [OPTIONS] -- PROGRAM [ARGUMENT...]",
          "Joins findings with runs; steers a program into a deadlock",
          {ConfirmTable},
          runConfirm};
}

} // namespace gridlock::tool
