//===- PipeFixes.cpp - Edits that the pipe rules propose --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/pipe/PipeFixes.h"
#include "checks/common/SourceText.h"
#include "llvm/ADT/StringExtras.h"

namespace gridlock::checks {

using namespace solve;

namespace {

/// A call on one line: columns count from 1.
struct CallText {
  unsigned nameColumn = 0;
  unsigned closeColumn = 0; ///< of the closing parenthesis
  llvm::StringRef arguments;
};

} // namespace

/// The call that the column stands in, by the function's name; nothing when it is
/// not written on this line.
static std::optional<CallText> findCall(llvm::StringRef line, unsigned column, llvm::StringRef name) {
  auto isWord = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  for (std::size_t at = line.find(name, column ? column - 1 : 0); at != llvm::StringRef::npos;
       at = line.find(name, at + 1)) {
    std::size_t open = line.find_first_not_of(' ', at + name.size());
    bool isWhole = (at == 0 || !isWord(line[at - 1])) && open != llvm::StringRef::npos && line[open] == '(';
    if (!isWhole)
      continue;
    int depth = 0;
    for (std::size_t i = open; i < line.size(); ++i) {
      if (line[i] == '"' || line[i] == '\'')
        return std::nullopt;
      depth += line[i] == '(' ? 1 : line[i] == ')' ? -1 : 0;
      if (depth == 0)
        return CallText{unsigned(at) + 1, unsigned(i) + 1, line.slice(open + 1, i).trim()};
    }
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<FixIt> closeOnExecFix(SourceCache &sources, const Solution &solution, StepId created) {
  SourceLocation place = solution.location(solution.innermost(created));
  if (!place.macro.empty())
    return std::nullopt;
  llvm::StringRef line = sources.line(place.file, place.line);
  std::optional<CallText> call = findCall(line, place.column, "pipe");
  if (!call || call->arguments.empty() || call->arguments.contains(','))
    return std::nullopt;
  FixIt fix;
  fix.title = "make both ends close-on-exec (pipe2 needs _GNU_SOURCE in C)";
  fix.edits.push_back(editLine(place, call->nameColumn, call->nameColumn + 4, "pipe2"));
  fix.edits.push_back(editLine(place, call->closeColumn, call->closeColumn, ", O_CLOEXEC"));
  if (!addInclude(sources, place.file, "<fcntl.h>", fix))
    return std::nullopt;
  return fix;
}

std::optional<FixIt> closeWriteEndFix(SourceCache &sources, const Solution &solution, StepId created, StepId blocked) {
  const Step &maker = solution.steps[solution.innermost(created)], &blocker = solution.steps[blocked];
  SourceLocation made = solution.location(solution.innermost(created)), place = solution.location(blocked);
  if (!made.macro.empty() || !place.macro.empty() || maker.function != blocker.function || made.file != place.file ||
      made.line >= place.line)
    return std::nullopt;
  std::optional<CallText> call = findCall(sources.line(made.file, made.line), made.column, "pipe");
  if (!call)
    call = findCall(sources.line(made.file, made.line), made.column, "pipe2");
  if (!call)
    return std::nullopt;
  llvm::StringRef ends = call->arguments.split(',').first.trim();
  // The line begins a statement when the one before it ends one.
  llvm::StringRef line = sources.line(place.file, place.line);
  llvm::StringRef before = sources.line(place.file, place.line - 1).rtrim();
  bool beginsStatement = before.ends_with(";") || before.ends_with("{") || before.ends_with("}");
  bool isName = !ends.empty() && llvm::all_of(ends, [](char c) { return llvm::isAlnum(c) || c == '_'; });
  if (!beginsStatement || !isName)
    return std::nullopt;
  FixIt fix;
  fix.title = "close this process's write end first";
  std::string indent = line.take_while([](char c) { return c == ' ' || c == '\t'; }).str();
  fix.edits.push_back(editLine(place, 1, 1, indent + "close(" + ends.str() + "[1]);\n"));
  return fix;
}

std::optional<FixIt> boundedWaitFix(SourceCache &sources, const SourceLocation &place) {
  llvm::StringRef line = sources.line(place.file, place.line);
  std::size_t at = line.find("(-1)", place.column ? place.column - 1 : 0);
  if (at == llvm::StringRef::npos || line.find("(-1)", at + 1) != llvm::StringRef::npos)
    return std::nullopt;
  FixIt fix;
  fix.title = "wait at most 30 seconds; then look at the result, kill the child, and wait once more";
  fix.edits.push_back(editLine(place, unsigned(at) + 2, unsigned(at) + 4, "30000"));
  return fix;
}

} // namespace gridlock::checks
