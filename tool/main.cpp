//===- main.cpp - The gridlock tool ------------------------------ -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/Commands.h"
#include "tool/Console.h"
#include "tool/Options.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"

using namespace gridlock::tool;

std::string gridlock::tool::versionText() { return "gridlock " GRIDLOCK_VERSION " (LLVM " LLVM_VERSION_STRING ")"; }

static void printHelp(llvm::ArrayRef<CommandSpec> commands) {
  llvm::outs() << "usage: gridlock COMMAND [OPTIONS]\n\n"
                  "Finds concurrency defects in C and C++: races, deadlocks, pipes that block.\n\n"
                  "commands:\n";
  for (const CommandSpec &command : commands)
    llvm::outs() << "  " << llvm::left_justify(command.name, 10) << " " << command.summary << "\n";
  llvm::outs() << "\n`gridlock COMMAND --help` lists a command's options; `gridlock --version` prints the version.\n"
                  "Exit status: 0 nothing found, 1 findings, 2 usage, configuration or internal error,\n"
                  "3 with --strict when a file could not be analysed.\n";
}

static int dispatch(const CommandSpec &command, llvm::ArrayRef<const char *> words) {
  llvm::Expected<Arguments> arguments = Arguments::parse(command, words);
  if (!arguments) {
    Console(false).error(arguments.takeError());
    return ExitError;
  }
  if (arguments->has("--help")) {
    printCommandHelp(command, llvm::outs());
    return ExitClean;
  }
  return command.run(*arguments);
}

int main(int count, char **words) {
  // Names of compilers such as aarch64-linux-gnu-g++ are looked up in it.
  llvm::InitializeAllTargetInfos();

  const CommandSpec commands[] = {checkCommand(),    extractCommand(),  linkCommand(),    explainCommand(),
                                  rulesCommand(),    baselineCommand(), convertCommand(), doctorCommand(),
                                  runCommand(),      graphCommand(),    confirmCommand(), stuckCommand(),
                                  lspProxyCommand(), annotateCommand()};
  llvm::StringRef name = count > 1 ? words[1] : "--help";
  if (name == "--help" || name == "-h" || name == "help") {
    printHelp(commands);
    return count > 1 ? ExitClean : ExitError;
  }
  if (name == "--version") {
    llvm::outs() << versionText() << "\n";
    return ExitClean;
  }
  for (const CommandSpec &command : commands)
    if (command.name == name)
      return dispatch(command, llvm::ArrayRef<const char *>(words + 2, words + count));

  std::vector<llvm::StringRef> names;
  for (const CommandSpec &command : commands)
    names.push_back(command.name);
  Console(false).error("there is no command '" + name + "'" + didYouMean(name, names) + " (gridlock --help lists all)");
  return ExitError;
}
