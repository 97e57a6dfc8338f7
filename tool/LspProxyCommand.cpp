//===- LspProxyCommand.cpp - gridlock lsp-proxy ------------------ -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "integrations/lsp_proxy/ProxyMain.h"
#include "tool/Commands.h"
#include "tool/Console.h"

namespace gridlock::tool {

static int runLspProxy(const Arguments &arguments) {
  if (!arguments.positional().empty()) {
    Console(false).error("write the language server behind --: gridlock lsp-proxy -- clangd-22 --background-index");
    return ExitError;
  }
  std::vector<std::string> command = arguments.afterSeparator();
  if (command.empty())
    command = {"clangd"};
  return integrations::runProxy(command);
}

CommandSpec lspProxyCommand() {
  return {"lsp-proxy",
          "[-- SERVER...]",
          "Adds findings to what a language server (default: clangd) tells an editor",
          {},
          runLspProxy};
}

} // namespace gridlock::tool
