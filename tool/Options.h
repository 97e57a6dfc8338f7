//===- Options.h - The command line, as tables ------------------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A small parser of command lines: each subcommand is a table of options and a
/// function. (LLVM's cl::opt would mix in every option of libLLVM.)
///
/// Everything here lives as long as the program.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_TOOL_OPTIONS_H
#define GRIDLOCK_TOOL_OPTIONS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <vector>

namespace gridlock::tool {

/// One option. Given again, the last value counts, unless the command asks for
/// all of them.
struct OptionSpec {
  llvm::StringLiteral name;  ///< `--format`
  llvm::StringLiteral alias; ///< `-f`, or ""
  llvm::StringLiteral value; ///< `FORMAT`; "" when the option takes none
  llvm::StringLiteral help;
};

class Arguments;

struct CommandSpec {
  llvm::StringLiteral name;
  llvm::StringLiteral usage;   ///< what follows the name: `[PATH...] [OPTIONS]`
  llvm::StringLiteral summary; ///< one line
  std::vector<llvm::ArrayRef<OptionSpec>> options;
  int (*run)(const Arguments &);
};

/// A parsed command line.
class Arguments {
public:
  /// Parses what follows the subcommand's name.
  /// \returns one line about the first word that does not fit.
  static llvm::Expected<Arguments> parse(const CommandSpec &command, llvm::ArrayRef<const char *> words);

  bool has(llvm::StringRef option) const { return Values.contains(option); }
  /// The last value given, or `otherwise`.
  llvm::StringRef value(llvm::StringRef option, llvm::StringRef otherwise = "") const;
  std::vector<std::string> values(llvm::StringRef option) const;

  const std::vector<std::string> &positional() const { return Positional; }
  /// Whether `--` was given, and what followed it.
  bool hasSeparator() const { return Separator; }
  const std::vector<std::string> &afterSeparator() const { return Rest; }

private:
  llvm::StringMap<std::vector<std::string>> Values;
  std::vector<std::string> Positional, Rest;
  bool Separator = false;
};

/// The help page of a subcommand.
void printCommandHelp(const CommandSpec &command, llvm::raw_ostream &stream);

/// The candidate that `word` is most likely a slip of, or "".
llvm::StringRef closest(llvm::StringRef word, llvm::ArrayRef<llvm::StringRef> candidates);

/// `; did you mean 'X'?`, or "" when nothing is close.
std::string didYouMean(llvm::StringRef word, llvm::ArrayRef<llvm::StringRef> candidates);

} // namespace gridlock::tool

#endif // GRIDLOCK_TOOL_OPTIONS_H
