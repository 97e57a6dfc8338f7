//===- JsonReader.cpp - A JSON report read back -----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "output/Output.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"

namespace gridlock {

// Found by argument-dependent lookup from json::ObjectMapper.
using llvm::json::ObjectMapper;
using llvm::json::Path;
using llvm::json::Value;

static bool fromJSON(const Value &value, Severity &severity, Path path) {
  std::optional<llvm::StringRef> text = value.getAsString();
  if (text && parseSeverity(*text, severity))
    return true;
  path.report("expected note, warning or error");
  return false;
}

static bool fromJSON(const Value &value, Confidence &confidence, Path path) {
  std::optional<llvm::StringRef> text = value.getAsString();
  if (text && parseConfidence(*text, confidence))
    return true;
  path.report("expected low, medium or high");
  return false;
}

static bool fromJSON(const Value &value, SourceLocation &location, Path path) {
  ObjectMapper map(value, path);
  return map && map.map("file", location.file) && map.map("line", location.line) &&
         map.map("column", location.column) && map.map("endColumn", location.endColumn) &&
         map.mapOptional("macro", location.macro);
}

static bool fromJSON(const Value &value, TraceStep &step, Path path) {
  ObjectMapper map(value, path);
  return map && map.map("location", step.location) && map.map("message", step.message) && map.map("held", step.held) &&
         map.map("depth", step.depth) && map.map("function", step.function);
}

static bool fromJSON(const Value &value, ThreadTrace &thread, Path path) {
  ObjectMapper map(value, path);
  return map && map.map("title", thread.title) && map.map("steps", thread.steps);
}

static bool fromJSON(const Value &value, RelatedLocation &related, Path path) {
  ObjectMapper map(value, path);
  return map && map.map("location", related.location) && map.map("message", related.message);
}

static bool fromJSON(const Value &value, TextEdit &edit, Path path) {
  ObjectMapper map(value, path);
  return map && map.map("file", edit.begin.file) && map.map("line", edit.begin.line) &&
         map.map("column", edit.begin.column) && map.map("endLine", edit.endLine) &&
         map.map("endColumn", edit.endColumn) && map.map("replacement", edit.replacement);
}

static bool fromJSON(const Value &value, FixIt &fix, Path path) {
  ObjectMapper map(value, path);
  return map && map.map("title", fix.title) && map.map("safe", fix.safe) && map.map("edits", fix.edits);
}

static bool fromJSON(const Value &value, CycleEdge &edge, Path path) {
  ObjectMapper map(value, path);
  return map && map.map("from", edge.from) && map.map("to", edge.to) && map.map("thread", edge.thread);
}

static bool fromJSON(const Value &value, Finding &finding, Path path) {
  ObjectMapper map(value, path);
  return map && map.map("rule", finding.rule) && map.map("message", finding.message) && map.map("help", finding.help) &&
         map.map("severity", finding.severity) && map.map("confidence", finding.confidence) &&
         map.map("fingerprint", finding.fingerprint) && map.map("location", finding.location) &&
         map.map("threads", finding.threads) && map.map("related", finding.related) &&
         map.map("fixIts", finding.fixIts) && map.map("cycle", finding.cycle) &&
         map.map("identity", finding.identity) && map.map("assumptions", finding.assumptions) &&
         map.mapOptional("suppressedBy", finding.suppressedBy);
}

namespace output {

namespace {
struct Tool {
  std::string version;
};

bool fromJSON(const Value &value, Tool &tool, Path path) {
  ObjectMapper map(value, path);
  return map && map.map("version", tool.version);
}
} // namespace

static void makeAbsolute(llvm::StringRef root, std::string &file) {
  if (file.empty() || llvm::sys::path::is_absolute(file))
    return;
  llvm::SmallString<256> path(root);
  llvm::sys::path::append(path, file);
  file = path.str().str();
}

static void makeAbsolute(llvm::StringRef root, Finding &finding) {
  makeAbsolute(root, finding.location.file);
  for (ThreadTrace &thread : finding.threads)
    for (TraceStep &step : thread.steps)
      makeAbsolute(root, step.location.file);
  for (RelatedLocation &related : finding.related)
    makeAbsolute(root, related.location.file);
  for (FixIt &fix : finding.fixIts)
    for (TextEdit &edit : fix.edits)
      makeAbsolute(root, edit.begin.file);
}

llvm::Expected<Report> readReport(llvm::StringRef json) {
  llvm::Expected<Value> document = llvm::json::parse(json);
  if (!document)
    return document.takeError();
  Path::Root root("report");
  Path path(root);
  ObjectMapper map(*document, path);
  std::int64_t version = 0;
  if (!map || !map.map("version", version))
    return root.getError();
  if (version != 1)
    return llvm::createStringError("this report has version %lld; only version 1 can be read",
                                   static_cast<long long>(version));
  Report report;
  std::vector<Finding> suppressed;
  Tool tool;
  if (!map.map("tool", tool) || !map.map("root", report.root) || !map.map("findings", report.findings) ||
      !map.map("suppressed", suppressed) || !map.map("notes", report.notes))
    return root.getError();
  report.toolVersion = std::move(tool.version);
  std::move(suppressed.begin(), suppressed.end(), std::back_inserter(report.findings));
  for (Finding &finding : report.findings)
    makeAbsolute(report.root, finding);
  return report;
}

} // namespace output
} // namespace gridlock
