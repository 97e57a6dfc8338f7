//===- RulesCommand.cpp - gridlock rules ------------------------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/Registry.h"
#include "tool/Commands.h"
#include "tool/Console.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

namespace gridlock::tool {

static constexpr OptionSpec RulesTable[] = {
    {"--format", "", "FORMAT", "text (default) or json"},
};

static void printText() {
  for (const RegisteredRule &rule : checks::allRules())
    llvm::outs() << llvm::left_justify(rule.info.id, 28) << " " << llvm::left_justify(toString(rule.info.severity), 8)
                 << (rule.info.onByDefault ? "" : "[off by default] ") << rule.info.title << "\n";
}

static void printJson() {
  llvm::json::OStream json(llvm::outs(), /*IndentSize=*/2);
  json.array([&] {
    for (const RegisteredRule &rule : checks::allRules())
      json.object([&] {
        json.attribute("id", llvm::StringRef(rule.info.id));
        json.attribute("family", llvm::StringRef(rule.info.family));
        json.attribute("title", llvm::StringRef(rule.info.title));
        json.attribute("severity", llvm::StringRef(toString(rule.info.severity)));
        json.attribute("confidence", llvm::StringRef(toString(rule.info.confidence)));
        json.attribute("onByDefault", rule.info.onByDefault);
        if (!rule.info.cwe.empty())
          json.attribute("cwe", llvm::StringRef(rule.info.cwe));
      });
  });
  llvm::outs() << "\n";
}

static int runRules(const Arguments &arguments) {
  llvm::StringRef format = arguments.value("--format", "text");
  if (!arguments.positional().empty() || (format != "text" && format != "json")) {
    Console(false).error(format != "text" && format != "json"
                             ? "rules can be listed as text or json, not as '" + format.str() + "'"
                             : "rules takes no names; gridlock explain " + arguments.positional().front() +
                                   " prints a rule's page");
    return ExitError;
  }
  if (format == "json")
    printJson();
  else
    printText();
  return ExitClean;
}

CommandSpec rulesCommand() { return {"rules", "[OPTIONS]", "Lists all rules", {RulesTable}, runRules}; }

} // namespace gridlock::tool
