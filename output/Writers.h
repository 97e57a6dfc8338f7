//===- Writers.h - One writer a format, and what they share -----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Private to `output/`. Each writer renders all findings to the stream;
/// `writeFindings` checks the stream afterwards.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_OUTPUT_WRITERS_H
#define GRIDLOCK_OUTPUT_WRITERS_H

#include "output/Output.h"
#include "llvm/Support/JSON.h"

namespace gridlock::output {

using Findings = llvm::ArrayRef<Finding>;

void writeText(Findings findings, const OutputContext &context, llvm::raw_ostream &os);
void writeJson(Findings findings, const OutputContext &context, llvm::raw_ostream &os);
void writeJsonLines(Findings findings, const OutputContext &context, llvm::raw_ostream &os);
void writeSarif(Findings findings, const OutputContext &context, llvm::raw_ostream &os);
void writeHtml(Findings findings, const OutputContext &context, llvm::raw_ostream &os);
void writeDot(Findings findings, const OutputContext &context, llvm::raw_ostream &os);
void writeGithub(Findings findings, const OutputContext &context, llvm::raw_ostream &os);
void writeGitlab(Findings findings, const OutputContext &context, llvm::raw_ostream &os);
void writeJUnit(Findings findings, const OutputContext &context, llvm::raw_ostream &os);

inline bool isShown(const Finding &finding) { return finding.suppressedBy.empty(); }

/// The part of `file` below the root, or nothing when it lies elsewhere.
std::optional<llvm::StringRef> pathBelowRoot(const OutputContext &context, llvm::StringRef file);

/// Relative to the root where possible, else as it is.
llvm::StringRef shownPath(const OutputContext &context, llvm::StringRef file);

/// `path:line:column`, without the parts that are unknown.
std::string shownPlace(const OutputContext &context, const SourceLocation &location);

/// One past the last byte of the location: as given, else the end of the word
/// there. 0 when the column is unknown.
unsigned endColumn(const OutputContext &context, const SourceLocation &location);

/// "`a`, `b`"; names that carry back quotes already keep them.
std::string joinNames(llvm::ArrayRef<std::string> names);

/// The finding's cycle. When the rule gave none but every thread holds a
/// resource at its last step, those resources in the order of the threads.
std::vector<CycleEdge> cycleOf(const Finding &finding);

const RuleInfo *findRule(const OutputContext &context, llvm::StringRef id);

/// A string for JSON, which allows only valid UTF-8; source code may be
/// anything.
llvm::json::Value jsonText(llvm::StringRef text);

/// Message, steps, help, assumptions as plain text without code frames: for
/// formats whose readers see one block of text.
std::string describePlainly(const Finding &finding, const OutputContext &context);

} // namespace gridlock::output

#endif // GRIDLOCK_OUTPUT_WRITERS_H
