//===- ChildServer.h - The language server behind the proxy -----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Starts a program with pipes to its standard input and from its standard
/// output; it keeps this program's standard error.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_INTEGRATIONS_LSP_PROXY_CHILDSERVER_H
#define GRIDLOCK_INTEGRATIONS_LSP_PROXY_CHILDSERVER_H

#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace gridlock::integrations {

struct ChildServer {
  int process = -1;
  int input = -1;  ///< to be written to; closing it tells the child to end
  int output = -1; ///< to be read from
};

/// Looks the program up in PATH. \returns an error when it cannot be started.
llvm::Expected<ChildServer> startServer(const std::vector<std::string> &command);

/// Waits for the end. \returns the exit status, 128 + signal when it was killed.
int waitForServer(const ChildServer &server);

} // namespace gridlock::integrations

#endif // GRIDLOCK_INTEGRATIONS_LSP_PROXY_CHILDSERVER_H
