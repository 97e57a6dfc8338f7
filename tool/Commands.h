//===- Commands.h - The subcommands ------------------------------ -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One function a subcommand, each in a file of its own, that returns its
/// table of options and its entry.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_TOOL_COMMANDS_H
#define GRIDLOCK_TOOL_COMMANDS_H

#include "tool/Options.h"

namespace gridlock::tool {

CommandSpec checkCommand();
CommandSpec annotateCommand();
CommandSpec extractCommand();
CommandSpec linkCommand();
CommandSpec explainCommand();
CommandSpec rulesCommand();
CommandSpec baselineCommand();
CommandSpec convertCommand();
CommandSpec doctorCommand();
CommandSpec runCommand();
CommandSpec graphCommand();
CommandSpec confirmCommand();
CommandSpec stuckCommand();
CommandSpec lspProxyCommand();

/// `gridlock 0.1.0 (LLVM 22.1.8)`.
std::string versionText();

} // namespace gridlock::tool

#endif // GRIDLOCK_TOOL_COMMANDS_H
