//===- ExplainCommand.cpp - gridlock explain --------------------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/Registry.h"
#include "tool/Commands.h"
#include "tool/Console.h"

namespace gridlock::tool {

static int explainRule(llvm::StringRef name, Console &console) {
  name.consume_front("gridlock-");
  if (const RegisteredRule *rule = checks::findRule(name)) {
    llvm::outs() << llvm::StringRef(rule->info.markdown).trim() << "\n";
    return ExitClean;
  }
  std::vector<llvm::StringRef> names;
  for (const RegisteredRule &rule : checks::allRules())
    names.push_back(rule.info.id);
  console.error("there is no rule '" + name + "'" + didYouMean(name, names) + " (gridlock rules lists all)");
  return ExitError;
}

static int runExplain(const Arguments &arguments) {
  Console console(false);
  if (arguments.positional().size() != 1) {
    console.error("name one rule: gridlock explain lock-order-inversion (gridlock rules lists all)");
    return ExitError;
  }
  return explainRule(arguments.positional().front(), console);
}

CommandSpec explainCommand() { return {"explain", "RULE", "Prints a rule's page", {}, runExplain}; }

} // namespace gridlock::tool
