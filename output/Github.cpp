//===- Github.cpp - Findings as annotations of GitHub Actions ---*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One workflow command a line: `::error file=...,line=...::message`. The whole
/// trace is in the message: annotations have one place only.
///
//===----------------------------------------------------------------------===//

#include "output/Writers.h"

namespace gridlock::output {

/// Escapes what ends a command, and for properties what ends a property.
static std::string escape(llvm::StringRef text, bool isProperty) {
  std::string escaped;
  for (char c : text) {
    if (c == '%')
      escaped += "%25";
    else if (c == '\r')
      escaped += "%0D";
    else if (c == '\n')
      escaped += "%0A";
    else if (isProperty && c == ':')
      escaped += "%3A";
    else if (isProperty && c == ',')
      escaped += "%2C";
    else
      escaped += c;
  }
  return escaped;
}

void writeGithub(Findings findings, const OutputContext &context, llvm::raw_ostream &os) {
  for (const Finding &finding : findings) {
    if (!isShown(finding))
      continue;
    // GitHub's command for the lowest level is `notice`.
    os << "::" << (finding.severity == Severity::Note ? "notice" : toString(finding.severity))
       << " file=" << escape(shownPath(context, finding.location.file), true);
    if (finding.location.line)
      os << ",line=" << finding.location.line << ",endLine=" << finding.location.line;
    if (finding.location.line && finding.location.column)
      os << ",col=" << finding.location.column << ",endColumn=" << endColumn(context, finding.location);
    os << ",title=" << escape(finding.rule, true)
       << "::" << escape(llvm::StringRef(describePlainly(finding, context)).rtrim(), false) << '\n';
  }
}

} // namespace gridlock::output
