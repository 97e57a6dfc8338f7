//===- JUnit.cpp - Findings as failed tests ---------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A test suite for each rule, a failed test for each finding, and one test that
/// passes for a rule that found nothing: a CI server that shows "0 tests" makes
/// people think that nothing ran.
///
//===----------------------------------------------------------------------===//

#include "output/Writers.h"
#include "llvm/ADT/MapVector.h"

namespace gridlock::output {

/// Escapes markup and replaces what XML 1.0 cannot hold at all.
static std::string escape(llvm::StringRef text) {
  std::string escaped;
  for (char c : llvm::json::fixUTF8(text)) {
    switch (c) {
    case '&':
      escaped += "&amp;";
      break;
    case '<':
      escaped += "&lt;";
      break;
    case '>':
      escaped += "&gt;";
      break;
    case '"':
      escaped += "&quot;";
      break;
    default:
      escaped += static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n' ? c : '?';
    }
  }
  return escaped;
}

static void writeCase(const Finding &finding, const OutputContext &context, llvm::raw_ostream &os) {
  os << "    <testcase classname=\"" << escape(finding.rule) << "\" name=\""
     << escape(shownPlace(context, finding.location)) << "\" file=\""
     << escape(shownPath(context, finding.location.file)) << "\" line=\"" << finding.location.line << "\">\n"
     << "      <failure type=\"" << toString(finding.severity) << "\" message=\"" << escape(finding.message) << "\">"
     << escape(describePlainly(finding, context)) << "</failure>\n"
     << "    </testcase>\n";
}

void writeJUnit(Findings findings, const OutputContext &context, llvm::raw_ostream &os) {
  llvm::MapVector<llvm::StringRef, std::vector<const Finding *>> suites;
  for (const RuleInfo &rule : context.rules)
    suites[rule.id];
  std::size_t failures = 0;
  for (const Finding &finding : findings)
    if (isShown(finding)) {
      suites[finding.rule].push_back(&finding);
      ++failures;
    }
  std::size_t passed = 0;
  for (const auto &[rule, cases] : suites)
    passed += cases.empty();

  os << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
     << "<testsuites name=\"gridlock\" tests=\"" << failures + passed << "\" failures=\"" << failures << "\">\n";
  for (const auto &[rule, cases] : suites) {
    os << "  <testsuite name=\"" << escape(rule) << "\" tests=\"" << std::max<std::size_t>(cases.size(), 1)
       << "\" failures=\"" << cases.size() << "\">\n";
    if (cases.empty())
      os << "    <testcase classname=\"" << escape(rule) << "\" name=\"no findings\"/>\n";
    for (const Finding *finding : cases)
      writeCase(*finding, context, os);
    os << "  </testsuite>\n";
  }
  os << "</testsuites>\n";
}

} // namespace gridlock::output
