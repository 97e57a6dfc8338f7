//===- ChangedLines.cpp - What changed since a revision ---------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/suppress/ChangedLines.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include <limits>

namespace gridlock::suppress {

//===----------------------------------------------------------------------===//
// Running git
//===----------------------------------------------------------------------===//

/// Runs git and returns what it printed.
static llvm::Expected<std::string> runGit(llvm::ArrayRef<llvm::StringRef> arguments) {
  llvm::ErrorOr<std::string> program = llvm::sys::findProgramByName("git");
  if (!program)
    return llvm::createStringError("git is not installed, or not in PATH");
  llvm::SmallString<128> outputFile, errorFile;
  if (std::error_code code = llvm::sys::fs::createTemporaryFile("gridlock-git", "out", outputFile))
    return llvm::createStringError(code, "cannot make a temporary file: %s", code.message().c_str());
  llvm::scope_exit removeOutput([&] { llvm::sys::fs::remove(outputFile); });
  if (std::error_code code = llvm::sys::fs::createTemporaryFile("gridlock-git", "err", errorFile))
    return llvm::createStringError(code, "cannot make a temporary file: %s", code.message().c_str());
  llvm::scope_exit removeError([&] { llvm::sys::fs::remove(errorFile); });

  llvm::SmallVector<llvm::StringRef> command = {*program};
  llvm::append_range(command, arguments);
  std::string problem;
  int status = llvm::sys::ExecuteAndWait(*program, command, /*Env=*/std::nullopt,
                                         {llvm::StringRef(), outputFile.str(), errorFile.str()},
                                         /*SecondsToWait=*/0, /*MemoryLimit=*/0, &problem);
  auto textOf = [](llvm::StringRef file) {
    auto buffer = llvm::MemoryBuffer::getFile(file);
    return buffer ? (*buffer)->getBuffer().str() : std::string();
  };
  if (status == 0)
    return textOf(outputFile);
  std::string said = problem.empty() ? textOf(errorFile) : problem;
  llvm::StringRef firstLine = llvm::StringRef(said).split('\n').first;
  firstLine.consume_front("fatal: ");
  return llvm::createStringError(firstLine);
}

llvm::Expected<ChangedLines> ChangedLines::since(llvm::StringRef revision, llvm::StringRef folder) {
  auto explain = [&](llvm::Error error) {
    return llvm::createStringError("cannot compare with `" + revision + "`: " + llvm::toString(std::move(error)));
  };
  llvm::Expected<std::string> root = runGit({"-C", folder, "rev-parse", "--show-toplevel"});
  if (!root)
    return explain(root.takeError());
  llvm::StringRef top = llvm::StringRef(*root).rtrim("\r\n");

  // Asked first, because git's own message about a missing revision takes a
  // screen. The option keeps a revision from being read as an option.
  std::string commit = (revision + "^{commit}").str();
  llvm::Expected<std::string> known =
      runGit({"-C", top, "rev-parse", "--quiet", "--verify", "--end-of-options", commit});
  if (!known) {
    llvm::consumeError(known.takeError());
    return explain(llvm::createStringError("the repository " + top + " has no such revision"));
  }
  llvm::StringRef hash = llvm::StringRef(*known).rtrim("\r\n");

  llvm::Expected<std::string> diff =
      runGit({"-C", top, "-c", "core.quotePath=false", "diff", "--unified=0", "--no-color", "--no-ext-diff",
              "--src-prefix=a/", "--dst-prefix=b/", hash, "--"});
  if (!diff)
    return explain(diff.takeError());
  llvm::Expected<ChangedLines> changed = parse(*diff, top);
  if (!changed)
    return explain(changed.takeError());

  llvm::Expected<std::string> unknown = runGit({"-C", top, "ls-files", "--others", "--exclude-standard", "-z"});
  if (!unknown)
    return explain(unknown.takeError());
  for (llvm::StringRef file : llvm::split(*unknown, '\0'))
    if (!file.empty())
      changed->addWholeFile((top + "/" + file).str());
  changed->Revision = revision.str();
  return changed;
}

//===----------------------------------------------------------------------===//
// Reading a diff
//===----------------------------------------------------------------------===//

/// `"b/a\tb"` as git quotes a path with special characters, or the path as it
/// is.
static std::string unquote(llvm::StringRef path) {
  if (!path.consume_front("\""))
    return path.str();
  std::string plain;
  for (std::size_t at = 0; at < path.size() && path[at] != '"'; ++at) {
    if (path[at] != '\\' || at + 1 >= path.size()) {
      plain += path[at];
      continue;
    }
    char escaped = path[++at];
    unsigned code = 0;
    if (!path.substr(at, 3).getAsInteger(8, code)) {
      plain += static_cast<char>(code);
      at += 2;
    } else {
      plain += escaped == 't' ? '\t' : escaped == 'n' ? '\n' : escaped;
    }
  }
  return plain;
}

/// The new side of `@@ -a,b +c,d @@`: the lines that changed.
static bool parseHunk(llvm::StringRef line, std::pair<unsigned, unsigned> &range) {
  llvm::StringRef added = line.split('+').second.split(' ').first;
  auto [startText, countText] = added.split(',');
  unsigned start = 0, count = 1;
  if (startText.getAsInteger(10, start) || (!countText.empty() && countText.getAsInteger(10, count)))
    return false;
  range = count ? std::pair(start, start + count - 1) : std::pair(start, start + 1);
  return true;
}

llvm::Expected<ChangedLines> ChangedLines::parse(llvm::StringRef diff, llvm::StringRef root) {
  ChangedLines changed;
  std::vector<std::pair<unsigned, unsigned>> *ranges = nullptr;
  bool inHeader = true; // A changed line may look like a header: "--- x" removed.
  for (llvm::StringRef line : llvm::split(diff, '\n')) {
    if (line.starts_with("diff --git ")) {
      inHeader = true;
      ranges = nullptr;
    } else if (inHeader && line.starts_with("+++ ")) {
      std::string path = unquote(line.drop_front(4).rtrim("\t\r"));
      if (llvm::StringRef(path).starts_with("b/"))
        ranges = &changed.Files[(root + "/" + path.substr(2)).str()];
    } else if (line.starts_with("@@ ")) {
      inHeader = false;
      std::pair<unsigned, unsigned> range;
      if (!parseHunk(line, range))
        return llvm::createStringError("git printed a hunk that cannot be read: " + line);
      if (ranges)
        ranges->push_back(range);
    }
  }
  return changed;
}

//===----------------------------------------------------------------------===//
// Asking
//===----------------------------------------------------------------------===//

void ChangedLines::addWholeFile(llvm::StringRef file) {
  Files[file].push_back({0, std::numeric_limits<unsigned>::max()});
}

bool ChangedLines::contains(const SourceLocation &location) const {
  auto found = Files.find(location.file);
  if (found == Files.end()) {
    llvm::SmallString<256> real;
    if (llvm::sys::fs::real_path(location.file, real))
      return false;
    found = Files.find(real);
  }
  return found != Files.end() && llvm::any_of(found->second, [&](const std::pair<unsigned, unsigned> &range) {
           return location.line >= range.first && location.line <= range.second;
         });
}

unsigned ChangedLines::apply(std::vector<Finding> &findings) const {
  auto isTouched = [&](const Finding &finding) {
    return contains(finding.location) || llvm::any_of(finding.threads, [&](const ThreadTrace &thread) {
             return llvm::any_of(thread.steps, [&](const TraceStep &step) { return contains(step.location); });
           });
  };
  unsigned hidden = 0;
  for (Finding &finding : findings)
    if (finding.suppressedBy.empty() && !isTouched(finding)) {
      finding.suppressedBy = "no step is on a line changed since " + Revision;
      ++hidden;
    }
  return hidden;
}

} // namespace gridlock::suppress
