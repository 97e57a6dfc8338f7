//===- RuleInfo.h - What is known about a rule ------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A rule's description, for outputs, `gridlock rules` and `gridlock explain`.
/// The build makes it from `checks/<family>/<rule>.md`.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_FINDING_RULEINFO_H
#define GRIDLOCK_ENGINE_FINDING_RULEINFO_H

#include "engine/finding/Finding.h"
#include <string_view>

namespace gridlock {

/// The front matter and the text of `checks/<family>/<rule>.md`. The views
/// point into static storage.
struct RuleInfo {
  std::string_view id;     ///< `lock-order-inversion`
  std::string_view family; ///< the folder: `lock`
  std::string_view title;  ///< one line: what it reports
  Severity severity = Severity::Warning;
  Confidence confidence = Confidence::Medium; ///< the usual one
  bool onByDefault = true;
  std::string_view cwe = {};      ///< "833", or empty
  std::string_view markdown = {}; ///< the page without the front matter
};

} // namespace gridlock

#endif // GRIDLOCK_ENGINE_FINDING_RULEINFO_H
