//===- Console.cpp - What the user sees on standard error -------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/Console.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

namespace gridlock::tool {

Console::Console(bool quiet) : Quiet(quiet), Width(0) {
  if (!quiet && llvm::sys::Process::StandardErrIsDisplayed())
    Width = std::max(llvm::sys::Process::StandardErrColumns(), 40u);
}

void Console::line(llvm::StringRef kind, const llvm::Twine &message) {
  clearProgress();
  llvm::errs() << "gridlock: " << kind << ": " << message << "\n";
}

void Console::error(const llvm::Twine &message) { line("error", message); }

void Console::error(llvm::Error error) {
  llvm::handleAllErrors(std::move(error), [&](const llvm::ErrorInfoBase &info) { this->error(info.message()); });
}

void Console::warning(const llvm::Twine &message) {
  if (!Quiet)
    line("warning", message);
}

void Console::note(const llvm::Twine &message) {
  if (!Quiet)
    line("note", message);
}

void Console::progress(const llvm::Twine &message) {
  if (Width == 0)
    return;
  std::string text = message.str();
  if (text.size() >= Width)
    text.resize(Width - 1);
  llvm::errs() << '\r' << text << "\x1b[K";
  ProgressShown = true;
}

void Console::clearProgress() {
  if (ProgressShown)
    llvm::errs() << "\r\x1b[K";
  ProgressShown = false;
}

void Console::finished(const facts::CompileJob &job, const run::UnitResult &, std::size_t done, std::size_t total) {
  progress("[" + llvm::Twine(done) + "/" + llvm::Twine(total) + "] " + shownPath(job.file));
}

std::string counted(std::size_t count, llvm::StringRef singular) {
  return std::to_string(count) + " " + singular.str() + (count == 1 ? "" : "s");
}

std::string shownPath(llvm::StringRef path) {
  llvm::SmallString<256> current;
  if (llvm::sys::fs::current_path(current))
    return path.str();
  llvm::StringRef rest = path;
  if (rest.consume_front(current) && rest.consume_front("/"))
    return rest.str();
  return path.str();
}

} // namespace gridlock::tool
