//===- Html.cpp - Findings as one self-contained page -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// All of the page is written here; the script only filters and may be missing.
/// The page asks nobody for anything, and its content policy proves it: the
/// style and the script are allowed by their hashes, all else is forbidden. So
/// text from source files cannot become active either, even if it were not
/// escaped. (That is why there are no `style` attributes: the policy would drop
/// them.)
///
//===----------------------------------------------------------------------===//

#include "output/CycleDrawing.h"
#include "output/Writers.h"
#include "output/html/Assets.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Base64.h"
#include "llvm/Support/SHA256.h"
#include <algorithm>

namespace gridlock::output {

namespace {

constexpr unsigned ContextLines = 4;
constexpr unsigned DeepestIndent = 4; ///< report.css has classes depth1 to depth4

std::string policyHash(llvm::StringRef content) {
  auto bytes = llvm::ArrayRef(reinterpret_cast<const std::uint8_t *>(content.data()), content.size());
  return "'sha256-" + llvm::encodeBase64(llvm::SHA256::hash(bytes)) + '\'';
}

class HtmlWriter {
public:
  HtmlWriter(Findings findings, const OutputContext &context, llvm::raw_ostream &os) : Context(context), Stream(os) {
    for (const Finding &finding : findings)
      if (isShown(finding))
        Shown.push_back(&finding);
  }

  void write();

private:
  /// Writes text as text.
  void text(llvm::StringRef raw) { llvm::printHTMLEscaped(llvm::json::fixUTF8(raw), Stream); }
  /// Writes text in which `names` between back quotes become code.
  void prose(llvm::StringRef raw);
  void element(llvm::StringRef name, llvm::StringRef cssClass, llvm::StringRef content);
  void head();
  void controls();
  void finding(const Finding &finding);
  void excerpt(const SourceLocation &location);
  /// One source line with the location marked.
  void markedLine(const SourceLocation &location, llvm::StringRef line);
  void thread(const ThreadTrace &thread);
  void facts(const Finding &finding);
  void notes();

  const OutputContext &Context;
  llvm::raw_ostream &Stream;
  std::vector<const Finding *> Shown;
};

void HtmlWriter::prose(llvm::StringRef raw) {
  while (!raw.empty()) {
    auto [before, rest] = raw.split('`');
    text(before);
    std::size_t close = rest.find('`');
    if (rest.empty() || close == llvm::StringRef::npos) {
      text(raw.drop_front(before.size()));
      return;
    }
    Stream << "<code>";
    text(rest.take_front(close));
    Stream << "</code>";
    raw = rest.drop_front(close + 1);
  }
}

void HtmlWriter::element(llvm::StringRef name, llvm::StringRef cssClass, llvm::StringRef content) {
  Stream << '<' << name << " class=\"" << cssClass << "\">";
  text(content);
  Stream << "</" << name << '>';
}

void HtmlWriter::head() {
  Stream << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         << "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
         << policyHash(ReportStyle) << "; script-src " << policyHash(ReportScript)
         << "; base-uri 'none'; form-action 'none'\">\n"
         << "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         << "<meta name=\"referrer\" content=\"no-referrer\">\n<title>Gridlock: " << Shown.size()
         << " findings</title>\n<style>" << ReportStyle << "</style>\n</head>\n";
}

void HtmlWriter::controls() {
  llvm::StringSet<> seen;
  std::vector<llvm::StringRef> rules;
  for (const Finding *each : Shown)
    if (seen.insert(each->rule).second)
      rules.push_back(each->rule);
  llvm::sort(rules);
  // Hidden until the script runs: without it they would do nothing.
  Stream << "<section class=\"controls\" aria-label=\"Filter\" hidden>\n"
         << "<input type=\"search\" id=\"words\" placeholder=\"Filter: words in message, file, function, lock\" "
            "aria-label=\"Filter\">\n"
         << "<select id=\"severity\" aria-label=\"Severity\"><option value=\"\">all severities</option>"
         << "<option>error</option><option>warning</option><option>note</option></select>\n"
         << "<select id=\"rule\" aria-label=\"Rule\"><option value=\"\">all rules</option>";
  for (llvm::StringRef rule : rules) {
    Stream << "<option>";
    text(rule);
    Stream << "</option>";
  }
  Stream << "</select>\n<button type=\"button\" id=\"toggle\">Open or close all</button>\n"
         << "<span id=\"count\" role=\"status\"></span>\n</section>\n";
}

void HtmlWriter::markedLine(const SourceLocation &location, llvm::StringRef line) {
  if (location.column == 0 || location.column > line.size()) {
    text(line);
    return;
  }
  std::size_t begin = location.column - 1;
  std::size_t end = std::min<std::size_t>(endColumn(Context, location) - 1, line.size());
  text(line.take_front(begin));
  Stream << "<mark>";
  text(line.slice(begin, end));
  Stream << "</mark>";
  text(line.substr(end));
}

void HtmlWriter::excerpt(const SourceLocation &location) {
  unsigned count = Context.sources.lineCount(location.file);
  if (location.line == 0 || location.line > count)
    return;
  unsigned first = location.line > ContextLines ? location.line - ContextLines : 1;
  unsigned last = std::min(location.line + ContextLines, count);
  Stream << "<pre tabindex=\"0\">"; // Wide ones scroll, by keyboard too.
  for (unsigned number = first; number <= last; ++number) {
    Stream << "<span class=\"number\">" << llvm::right_justify(std::to_string(number), 5) << "  </span>";
    llvm::StringRef line = Context.sources.line(location.file, number);
    if (number == location.line)
      markedLine(location, line);
    else
      text(line);
    Stream << '\n';
  }
  Stream << "</pre>\n";
}

void HtmlWriter::thread(const ThreadTrace &thread) {
  Stream << "<section class=\"thread\"><h2>";
  prose(thread.title);
  Stream << "</h2>\n<ol>\n";
  for (const TraceStep &step : thread.steps) {
    Stream << "<li class=\"step depth" << std::min(step.depth, DeepestIndent) << "\">";
    prose(step.message);
    Stream << ' ';
    element("span", "place", shownPlace(Context, step.location));
    if (!step.held.empty()) {
      Stream << ' ';
      Stream << "<span class=\"held\">";
      prose("holds " + joinNames(step.held));
      Stream << "</span>";
    }
    llvm::StringRef line = Context.sources.line(step.location.file, step.location.line);
    if (llvm::StringRef trimmed = line.ltrim(); !trimmed.empty()) {
      SourceLocation shifted = step.location;
      std::size_t indent = line.size() - trimmed.size();
      shifted.endColumn = endColumn(Context, step.location);
      shifted.column = shifted.column > indent ? shifted.column - indent : 0;
      shifted.endColumn = shifted.column ? shifted.endColumn - indent : 0;
      Stream << "<code class=\"line\">";
      markedLine(shifted, trimmed);
      Stream << "</code>";
    }
    Stream << "</li>\n";
  }
  Stream << "</ol></section>\n";
}

void HtmlWriter::facts(const Finding &finding) {
  auto fact = [&](llvm::StringRef name, llvm::StringRef value) {
    Stream << "<dt>" << name << "</dt><dd>";
    prose(value);
    Stream << "</dd>\n";
  };
  Stream << "<dl>\n";
  for (const RelatedLocation &related : finding.related)
    fact("See also", shownPlace(Context, related.location) + ": " + related.message);
  if (!finding.help.empty())
    fact("Help", finding.help);
  for (const FixIt &fix : finding.fixIts)
    fact(fix.safe ? "Fix" : "Fix (unsafe)", fix.title);
  for (const std::string &assumption : finding.assumptions)
    fact("Assumes", assumption);
  fact("Confidence", toString(finding.confidence));
  Stream << "</dl>\n";
}

void HtmlWriter::finding(const Finding &finding) {
  std::string_view severity = toString(finding.severity);
  Stream << "<details class=\"finding " << severity << "\" data-severity=\"" << severity << "\" data-rule=\"";
  text(finding.rule);
  Stream << "\" id=\"";
  text(finding.fingerprint);
  Stream << "\">\n<summary>";
  element("span", "badge", severity);
  Stream << ' ';
  prose(finding.message);
  Stream << "<br>";
  element("span", "place", shownPlace(Context, finding.location));
  Stream << ' ';
  element("span", "rule", finding.rule);
  Stream << "</summary>\n<div class=\"body\">\n";
  excerpt(finding.location);
  if (std::vector<CycleEdge> cycle = cycleOf(finding); !cycle.empty())
    drawCycle(cycle, Stream);
  Stream << "<div class=\"threads\">\n";
  for (const ThreadTrace &each : finding.threads)
    thread(each);
  Stream << "</div>\n";
  facts(finding);
  Stream << "</div>\n</details>\n";
}

void HtmlWriter::notes() {
  if (Context.notes.empty())
    return;
  Stream << "<section aria-label=\"Notes\"><h2>Notes about this run</h2>\n<ul>\n";
  for (const std::string &note : Context.notes) {
    Stream << "<li>";
    prose(note);
    Stream << "</li>\n";
  }
  Stream << "</ul></section>\n";
}

void HtmlWriter::write() {
  head();
  Stream << "<body>\n<header><h1>Gridlock: " << Shown.size() << (Shown.size() == 1 ? " finding" : " findings")
         << "</h1>\n<p>";
  text("gridlock " + Context.toolVersion + ", paths below " + Context.root);
  Stream << "</p></header>\n";
  controls();
  Stream << "<svg width=\"0\" height=\"0\" class=\"cycle\" aria-hidden=\"true\"><defs><marker id=\"arrow\" "
            "viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" "
            "orient=\"auto-start-reverse\"><path d=\"M0 0 L10 5 L0 10 z\"/></marker></defs></svg>\n<main>\n";
  for (const Finding *each : Shown)
    finding(*each);
  Stream << "</main>\n";
  notes();
  Stream << "<script>" << ReportScript << "</script>\n</body>\n</html>\n";
}

} // namespace

void writeHtml(Findings findings, const OutputContext &context, llvm::raw_ostream &os) {
  HtmlWriter(findings, context, os).write();
}

} // namespace gridlock::output
