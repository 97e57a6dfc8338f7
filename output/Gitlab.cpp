//===- Gitlab.cpp - Findings for GitLab's Code Quality ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A JSON array for `artifacts:reports:codequality`. GitLab matches findings of
/// two branches by the fingerprint alone, which therefore holds no line number.
///
//===----------------------------------------------------------------------===//

#include "output/Writers.h"
#include <algorithm>

namespace gridlock::output {

static llvm::StringRef severityName(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return "critical";
  case Severity::Warning:
    return "major";
  case Severity::Note:
    break;
  }
  return "info";
}

void writeGitlab(Findings findings, const OutputContext &context, llvm::raw_ostream &os) {
  llvm::json::OStream json(os, /*IndentSize=*/2);
  json.array([&] {
    for (const Finding &finding : findings) {
      if (!isShown(finding))
        continue;
      unsigned line = std::max(finding.location.line, 1U); // GitLab has no "unknown".
      json.object([&] {
        json.attribute("description", jsonText(finding.message));
        json.attribute("check_name", jsonText(finding.rule));
        json.attribute("fingerprint", finding.fingerprint);
        json.attribute("severity", severityName(finding.severity));
        json.attributeObject("content", [&] { json.attribute("body", jsonText(describePlainly(finding, context))); });
        json.attributeObject("location", [&] {
          json.attribute("path", jsonText(shownPath(context, finding.location.file)));
          json.attributeObject("lines", [&] { json.attribute("begin", line); });
        });
      });
    }
  });
  os << '\n';
}

} // namespace gridlock::output
