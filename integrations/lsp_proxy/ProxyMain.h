//===- ProxyMain.h - The proxy as a process ---------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Standard input and output on one side, a language server on the other, a
/// relay between them.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_INTEGRATIONS_LSP_PROXY_PROXYMAIN_H
#define GRIDLOCK_INTEGRATIONS_LSP_PROXY_PROXYMAIN_H

#include "integrations/lsp_proxy/Relay.h"
#include <string>
#include <vector>

namespace gridlock::integrations {

/// Options from a clangd command line that decide where commands come from.
LiveOptions optionsOf(const std::vector<std::string> &command);

/// The relay between a client's descriptors and a server's. Lives until the
/// process ends: some of its threads wait for the client.
class RelayLoop {
public:
  RelayLoop(int clientInput, int clientOutput, int serverInput, int serverOutput, LiveOptions options);

  Relay &relay();

  /// Passes messages until the server's output ends and all of it is written.
  /// `serverInput` is closed when the client's output ends.
  void run();

private:
  struct State;
  State *Shared;
};

/// Starts the server and relays until it ends. Does not return when the server
/// could be started: the process ends with the server's exit status, whatever
/// analysis is still running.
/// \returns 2 when it could not.
int runProxy(const std::vector<std::string> &command);

} // namespace gridlock::integrations

#endif // GRIDLOCK_INTEGRATIONS_LSP_PROXY_PROXYMAIN_H
