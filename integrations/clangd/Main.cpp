//===- Main.cpp - gridlock-clangd -----------------------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clangd with Gridlock inside. clangd reads standard input and writes standard
// output; pipes take their place, and the relay of `gridlock lsp-proxy` stands
// between those and the editor. So findings come with the very same rules, and
// clangd's own answers never wait for the solver. What differs from the proxy is
// that each file is parsed once: units come from clangd's ASTs (UnitModule.cpp).
//
//===----------------------------------------------------------------------===//

#include "engine/facts/Arguments.h"
#include "integrations/clangd/ClangdModule.h"
#include "integrations/clangd/UnitModule.h"
#include "integrations/lsp_proxy/ProxyMain.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

using namespace gridlock;

// clangd can ask a remote index, over libraries that would be many times the
// size of everything else. Without one it works as if none were configured.
clang::clangd::remote::IndexPointer clang::clangd::remote::getClient(llvm::StringRef, llvm::StringRef) { return {}; }

/// Whether clangd would speak the protocol, and not print something and end.
static bool isServer(const std::vector<std::string> &words) {
  return llvm::none_of(words, [](llvm::StringRef word) {
    word.consume_front("-");
    return word.starts_with("-check") || word.starts_with("-version") || word.starts_with("-help") || word == "-h" ||
           word.starts_with("-input-style") || word == "-lit-test" || word == "-test";
  });
}

static int runClangd(std::vector<std::string> &words) {
  std::vector<char *> pointers;
  for (std::string &word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return clang::clangd::clangdMain(static_cast<int>(words.size()), pointers.data());
}

int main(int count, char **given) {
  std::vector<std::string> words(given, given + count);
  // A clangd that does not stand where it was built does not find its headers.
  std::string resources = facts::resourceDirectory();
  if (!resources.empty() && llvm::none_of(words, [](llvm::StringRef word) { return word.contains("-resource-dir"); }))
    words.push_back("--resource-dir=" + resources);
  if (!isServer(words))
    return runClangd(words);

  std::signal(SIGPIPE, SIG_IGN);
  int clientInput = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3), clientOutput = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  int toServer[2], fromServer[2];
  if (clientInput < 0 || clientOutput < 0 || pipe2(toServer, O_CLOEXEC) || pipe2(fromServer, O_CLOEXEC) ||
      dup2(toServer[0], STDIN_FILENO) < 0 || dup2(fromServer[1], STDOUT_FILENO) < 0) {
    std::perror("gridlock-clangd: cannot make pipes");
    return 2;
  }
  ::close(toServer[0]);
  ::close(fromServer[1]);
  integrations::LiveOptions options = integrations::optionsOf(words);
  options.unitsAreGiven = true;
  integrations::RelayLoop loop(clientInput, clientOutput, toServer[1], fromServer[0], std::move(options));
  integrations::giveUnitsTo(loop.relay().analysis());
  std::thread relay([&] { loop.run(); });
  int status = runClangd(words);
  // The end of what clangd says ends the relay.
  llvm::outs().flush();
  std::fflush(stdout);
  ::close(STDOUT_FILENO);
  relay.join();
  std::_Exit(status);
}
