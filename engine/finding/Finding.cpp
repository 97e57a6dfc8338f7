//===- Finding.cpp - What a rule reports ------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/finding/Finding.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"
#include <algorithm>
#include <tuple>

namespace gridlock {

static std::string identityText(const Finding &finding) {
  std::string text = finding.rule + '\n' + llvm::sys::path::filename(finding.location.file).str();
  for (const std::string &name : finding.identity)
    text += '\n' + name;
  return text;
}

void finalizeFindings(std::vector<Finding> &findings) {
  auto key = [](const Finding &f) { return std::tie(f.location, f.rule, f.message, f.identity); };
  std::stable_sort(findings.begin(), findings.end(),
                   [&](const Finding &a, const Finding &b) { return key(a) < key(b); });
  findings.erase(std::unique(findings.begin(), findings.end(),
                             [&](const Finding &a, const Finding &b) { return key(a) == key(b); }),
                 findings.end());

  llvm::StringMap<unsigned> seen;
  for (Finding &finding : findings) {
    std::string text = identityText(finding);
    if (unsigned repeat = seen[text]++)
      text += '\n' + std::to_string(repeat);
    finding.fingerprint = llvm::utohexstr(llvm::xxh3_64bits(text), /*LowerCase=*/true, /*Width=*/16);
  }
}

std::string_view toString(Severity severity) {
  switch (severity) {
  case Severity::Note:
    return "note";
  case Severity::Warning:
    return "warning";
  case Severity::Error:
    return "error";
  }
  return "warning";
}

std::string_view toString(Confidence confidence) {
  switch (confidence) {
  case Confidence::Low:
    return "low";
  case Confidence::Medium:
    return "medium";
  case Confidence::High:
    return "high";
  }
  return "medium";
}

bool parseSeverity(std::string_view text, Severity &severity) {
  for (Severity candidate : {Severity::Note, Severity::Warning, Severity::Error})
    if (text == toString(candidate)) {
      severity = candidate;
      return true;
    }
  return false;
}

bool parseConfidence(std::string_view text, Confidence &confidence) {
  for (Confidence candidate : {Confidence::Low, Confidence::Medium, Confidence::High})
    if (text == toString(candidate)) {
      confidence = candidate;
      return true;
    }
  return false;
}

} // namespace gridlock
