//===- ErrorCounter.h - How many errors, and the first ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What is kept of the parser's diagnostics. Private to the room.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_FACTS_ERRORCOUNTER_H
#define GRIDLOCK_ENGINE_FACTS_ERRORCOUNTER_H

#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/StringExtras.h"
#include <string>

namespace gridlock::facts {

/// Counts errors and keeps the first one's text.
class ErrorCounter : public clang::DiagnosticConsumer {
public:
  void HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic &diagnostic) override {
    DiagnosticConsumer::HandleDiagnostic(level, diagnostic);
    if (level < clang::DiagnosticsEngine::Error)
      return;
    if (Count++ != 0)
      return;
    llvm::SmallString<256> message;
    diagnostic.FormatDiagnostic(message);
    if (diagnostic.hasSourceManager() && diagnostic.getLocation().isValid()) {
      const clang::SourceManager &sources = diagnostic.getSourceManager();
      const clang::PresumedLoc place = sources.getPresumedLoc(sources.getFileLoc(diagnostic.getLocation()));
      if (place.isValid())
        First = std::string(place.getFilename()) + ":" + llvm::utostr(place.getLine()) + ":" +
                llvm::utostr(place.getColumn()) + ": ";
    }
    First += message.str();
  }

  unsigned Count = 0;
  std::string First;
};

} // namespace gridlock::facts

#endif // GRIDLOCK_ENGINE_FACTS_ERRORCOUNTER_H
