//===- Output.cpp - Findings as bytes ---------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "output/Output.h"
#include "engine/finding/TextEdits.h"
#include "output/Writers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"

namespace gridlock::output {

namespace {

using Writer = void (*)(Findings, const OutputContext &, llvm::raw_ostream &);

constexpr llvm::StringLiteral FormatNames[] = {"text", "json",   "jsonl",  "sarif", "html",
                                               "dot",  "github", "gitlab", "junit"};
constexpr Writer FormatWriters[] = {writeText, writeJson,   writeJsonLines, writeSarif, writeHtml,
                                    writeDot,  writeGithub, writeGitlab,    writeJUnit};
static_assert(std::size(FormatNames) == std::size(FormatWriters));
static_assert(std::size(FormatNames) == static_cast<std::size_t>(OutputFormat::JUnit) + 1);

} // namespace

llvm::ArrayRef<llvm::StringLiteral> outputFormatNames() { return FormatNames; }

llvm::StringRef toString(OutputFormat format) { return FormatNames[static_cast<std::size_t>(format)]; }

std::optional<OutputFormat> parseOutputFormat(llvm::StringRef name) {
  const auto *found = llvm::find(FormatNames, name);
  if (found == std::end(FormatNames))
    return std::nullopt;
  return static_cast<OutputFormat>(found - std::begin(FormatNames));
}

llvm::Error writeFindings(OutputFormat format, llvm::ArrayRef<Finding> findings, const OutputContext &context,
                          llvm::raw_ostream &os) {
  FormatWriters[static_cast<std::size_t>(format)](findings, context, os);
  os.flush();
  if (auto *file = dynamic_cast<llvm::raw_fd_ostream *>(&os); file && file->has_error()) {
    std::error_code code = file->error();
    file->clear_error();
    return llvm::createStringError(code, "cannot write the report: %s", code.message().c_str());
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// What the writers share
//===----------------------------------------------------------------------===//

std::optional<llvm::StringRef> pathBelowRoot(const OutputContext &context, llvm::StringRef file) {
  return pathBelow(context.root, file);
}

llvm::StringRef shownPath(const OutputContext &context, llvm::StringRef file) {
  return pathBelowRoot(context, file).value_or(file);
}

std::string shownPlace(const OutputContext &context, const SourceLocation &location) {
  std::string place = shownPath(context, location.file).str();
  if (location.line)
    place += ':' + std::to_string(location.line);
  if (location.line && location.column)
    place += ':' + std::to_string(location.column);
  return place;
}

unsigned endColumn(const OutputContext &context, const SourceLocation &location) {
  if (location.column == 0)
    return 0;
  if (location.endColumn > location.column)
    return location.endColumn;
  return endOfToken(context.sources.line(location.file, location.line), location.column);
}

std::string joinNames(llvm::ArrayRef<std::string> names) {
  std::string joined;
  for (const std::string &name : names) {
    if (!joined.empty())
      joined += ", ";
    joined += llvm::StringRef(name).contains('`') ? name : '`' + name + '`';
  }
  return joined;
}

std::vector<CycleEdge> cycleOf(const Finding &finding) {
  if (!finding.cycle.empty() || finding.threads.size() < 2)
    return finding.cycle;
  std::vector<CycleEdge> edges;
  llvm::StringSet<> distinct;
  for (unsigned index = 0; index < finding.threads.size(); ++index) {
    const std::vector<TraceStep> &steps = finding.threads[index].steps;
    if (steps.empty() || steps.back().held.empty() || !distinct.insert(steps.back().held.back()).second)
      return {};
    edges.push_back({steps.back().held.back(), {}, index});
  }
  for (std::size_t index = 0; index < edges.size(); ++index)
    edges[index].to = edges[(index + 1) % edges.size()].from;
  return edges;
}

const RuleInfo *findRule(const OutputContext &context, llvm::StringRef id) {
  const RuleInfo *found =
      llvm::find_if(context.rules, [&](const RuleInfo &rule) { return llvm::StringRef(rule.id) == id; });
  return found == context.rules.end() ? nullptr : found;
}

llvm::json::Value jsonText(llvm::StringRef text) { return llvm::json::fixUTF8(text); }

std::string describePlainly(const Finding &finding, const OutputContext &context) {
  std::string text = finding.message + '\n';
  for (const ThreadTrace &thread : finding.threads) {
    text += '\n' + thread.title + '\n';
    for (const TraceStep &step : thread.steps) {
      text += std::string(2 + 2 * step.depth, ' ') + shownPlace(context, step.location) + ": " + step.message;
      if (!step.held.empty())
        text += " (holding " + joinNames(step.held) + ')';
      text += '\n';
    }
  }
  for (const RelatedLocation &related : finding.related)
    text += '\n' + shownPlace(context, related.location) + ": " + related.message + '\n';
  if (!finding.help.empty())
    text += "\nhelp: " + finding.help + '\n';
  for (const std::string &assumption : finding.assumptions)
    text += "assumes: " + assumption + '\n';
  text += "confidence: " + std::string(toString(finding.confidence)) + '\n';
  return text;
}

} // namespace gridlock::output
