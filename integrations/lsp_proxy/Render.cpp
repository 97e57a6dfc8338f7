//===- Render.cpp - Findings for an editor --------------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "integrations/lsp_proxy/Render.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <set>

namespace gridlock::integrations {

using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

/// Source code may be anything; JSON only holds valid UTF-8.
static std::string text(llvm::StringRef words) {
  return llvm::json::isUTF8(words) ? words.str() : llvm::json::fixUTF8(words);
}

static std::string uriFor(llvm::StringRef path, const RenderContext &context) {
  auto known = context.uris.find(path);
  return known == context.uris.end() ? uriOf(path) : known->second;
}

static Object position(llvm::StringRef file, unsigned line, unsigned column, const RenderContext &context) {
  if (line == 0)
    return Object{{"line", 0}, {"character", 0}};
  llvm::StringRef content = context.sources.line(file, line);
  return Object{{"line", line - 1}, {"character", unitsOf(content, column ? column - 1 : 0, context.encoding)}};
}

/// The word at the place, the rest of the line when the column is not known.
static Object rangeOf(const SourceLocation &place, const RenderContext &context) {
  llvm::StringRef line = context.sources.line(place.file, place.line);
  std::size_t begin = place.column ? place.column - 1 : line.find_first_not_of(" \t");
  begin = std::min(begin, line.size());
  std::size_t end = place.endColumn ? place.endColumn - 1 : line.size();
  if (place.column && !place.endColumn) {
    end = begin;
    while (end < line.size() && (llvm::isAlnum(line[end]) || line[end] == '_'))
      ++end;
    end = std::max(end, std::min(begin + 1, line.size()));
  }
  return Object{{"start", position(place.file, place.line, static_cast<unsigned>(begin + 1), context)},
                {"end", position(place.file, place.line, static_cast<unsigned>(std::max(begin, end) + 1), context)}};
}

static Object locationOf(const SourceLocation &place, const RenderContext &context) {
  return Object{{"uri", uriFor(place.file, context)}, {"range", rangeOf(place, context)}};
}

//===----------------------------------------------------------------------===//
// Diagnostics
//===----------------------------------------------------------------------===//

namespace {
struct Remark {
  SourceLocation location;
  std::string message;
};
} // namespace

static std::vector<Remark> remarksOf(const Finding &finding) {
  std::vector<Remark> remarks;
  for (const ThreadTrace &thread : finding.threads) {
    bool isFirst = true;
    for (const TraceStep &step : thread.steps) {
      std::string message = (isFirst ? thread.title + ": " : "") + step.message;
      if (!step.held.empty())
        message += " (holds " + llvm::join(step.held, ", ") + ")";
      remarks.push_back({step.location, message});
      isFirst = false;
    }
  }
  for (const RelatedLocation &related : finding.related)
    remarks.push_back({related.location, related.message});
  std::erase_if(remarks, [](const Remark &remark) { return remark.location.file.empty(); });
  return remarks;
}

/// Where a file shows the finding.
static std::optional<SourceLocation> placeIn(const Finding &finding, llvm::StringRef file) {
  if (finding.location.file == file)
    return finding.location;
  for (const ThreadTrace &thread : finding.threads)
    for (const TraceStep &step : llvm::reverse(thread.steps))
      if (step.location.file == file)
        return step.location;
  for (const RelatedLocation &related : finding.related)
    if (related.location.file == file)
      return related.location;
  return std::nullopt;
}

static int severityOf(const Finding &finding) {
  switch (finding.severity) {
  case Severity::Error:
    return 1;
  case Severity::Warning:
    return 2;
  case Severity::Note:
    return 3;
  }
  return 2;
}

static Object diagnosticOf(const Finding &finding, const SourceLocation &place, const RenderContext &context) {
  std::string message = finding.message;
  if (!message.empty())
    message.front() = llvm::toUpper(message.front());
  if (!finding.help.empty())
    message += "\nhelp: " + finding.help;
  for (const std::string &assumption : finding.assumptions)
    message += "\nassumed: " + assumption;
  Array related;
  for (const Remark &remark : remarksOf(finding)) {
    if (context.hasRelatedInformation)
      related.push_back(Object{{"location", locationOf(remark.location, context)}, {"message", text(remark.message)}});
    else
      message += "\n" + llvm::sys::path::filename(remark.location.file).str() + ":" +
                 llvm::utostr(remark.location.line) + ": " + remark.message;
  }
  Object diagnostic{{"range", rangeOf(place, context)},
                    {"severity", severityOf(finding)},
                    {"code", finding.rule},
                    {"source", "gridlock"},
                    {"message", text(message)}};
  if (!related.empty())
    diagnostic["relatedInformation"] = std::move(related);
  return diagnostic;
}

//===----------------------------------------------------------------------===//
// Quick fixes
//===----------------------------------------------------------------------===//

static Object actionOf(std::string title, const Object &diagnostic, bool isPreferred, Object changes) {
  Object action{{"title", text(title)},
                {"kind", "quickfix"},
                {"diagnostics", Array{Value(Object(diagnostic))}},
                {"edit", Object{{"changes", std::move(changes)}}}};
  if (isPreferred)
    action["isPreferred"] = true;
  return action;
}

static Object actionOf(const FixIt &fix, const Object &diagnostic, const RenderContext &context) {
  Object changes;
  for (const TextEdit &edit : fix.edits) {
    Object change{{"range", Object{{"start", position(edit.begin.file, edit.begin.line, edit.begin.column, context)},
                                   {"end", position(edit.begin.file, edit.endLine, edit.endColumn, context)}}},
                  {"newText", text(edit.replacement)}};
    std::string uri = uriFor(edit.begin.file, context);
    if (Array *known = changes.getArray(uri))
      known->push_back(std::move(change));
    else
      changes[uri] = Array{std::move(change)};
  }
  return actionOf(fix.title, diagnostic, fix.safe, std::move(changes));
}

/// A comment that hides the finding, where the line can take one.
static std::optional<Object> hidingAction(const Finding &finding, const Object &diagnostic,
                                          const RenderContext &context) {
  llvm::StringRef line = context.sources.line(finding.location.file, finding.location.line);
  if (finding.location.line == 0 || line.ends_with("\\") || line.contains("NOLINT"))
    return std::nullopt;
  std::string comment = "NOLINT(gridlock-" + finding.rule + ")";
  auto end = static_cast<unsigned>(line.size() + 1);
  Object at = position(finding.location.file, finding.location.line, end, context);
  Object edit{{"range", Object{{"start", Object(at)}, {"end", std::move(at)}}}, {"newText", " // " + comment}};
  Object changes;
  changes[uriFor(finding.location.file, context)] = Array{std::move(edit)};
  return actionOf("Hide this finding with the comment " + comment, diagnostic, /*isPreferred=*/false,
                  std::move(changes));
}

std::optional<ShownFinding> render(const Finding &finding, llvm::StringRef file, const RenderContext &context) {
  std::optional<SourceLocation> place = placeIn(finding, file);
  if (!place)
    return std::nullopt;
  ShownFinding shown{diagnosticOf(finding, *place, context), {}};
  for (const FixIt &fix : finding.fixIts)
    shown.actions.push_back(actionOf(fix, shown.diagnostic, context));
  if (std::optional<Object> hiding = hidingAction(finding, shown.diagnostic, context))
    shown.actions.push_back(std::move(*hiding));
  return shown;
}

//===----------------------------------------------------------------------===//
// Lock graphs
//===----------------------------------------------------------------------===//

llvm::json::Value render(llvm::ArrayRef<LockEdge> edges, const RenderContext &context) {
  std::set<std::string> names;
  std::set<std::pair<std::string, std::string>> drawn;
  Array locks, orders;
  std::string dot = "digraph locks {\n";
  llvm::raw_string_ostream drawing(dot);
  auto quote = [&](llvm::StringRef name) {
    drawing << '"';
    llvm::printEscapedString(name, drawing);
    drawing << '"';
  };
  for (const LockEdge &edge : edges) {
    names.insert({edge.from, edge.to});
    orders.push_back(Object{{"from", text(edge.from)},
                            {"to", text(edge.to)},
                            {"function", text(edge.function)},
                            {"held", locationOf(edge.held, context)},
                            {"taken", locationOf(edge.taken, context)},
                            {"certain", edge.isCertain}});
    if (!drawn.emplace(edge.from, edge.to).second)
      continue;
    drawing << "  ";
    quote(edge.from);
    drawing << " -> ";
    quote(edge.to);
    drawing << ";\n";
  }
  drawing << "}\n";
  for (const std::string &name : names)
    locks.push_back(text(name));
  return Object{{"locks", std::move(locks)}, {"orders", std::move(orders)}, {"dot", text(dot)}};
}

} // namespace gridlock::integrations
