//===- ProxyMain.cpp - The proxy as a process -----------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nobody may wait for somebody who waits for him. The client's messages are read
// by one thread, the server's by another, and what goes to the client is queued
// for a third: so neither reader ever waits for the client to read, and a client
// that writes before it reads is served.
//
//===----------------------------------------------------------------------===//

#include "integrations/lsp_proxy/ProxyMain.h"
#include "integrations/lsp_proxy/ChildServer.h"
#include "integrations/lsp_proxy/Framing.h"
#include "llvm/Support/raw_ostream.h"
#include <csignal>
#include <cstdlib>
#include <thread>
#include <unistd.h>

namespace gridlock::integrations {

namespace {

/// Messages on their way out.
class Outbox {
public:
  explicit Outbox(int descriptor) : Writer(descriptor), Thread([this] { work(); }) {}

  /// Writes what is queued, and takes no more. To be called once.
  void finish() {
    {
      std::lock_guard<std::mutex> lock(Mutex);
      Closed = true;
    }
    Wake.notify_one();
    Thread.join();
  }

  void put(std::string message) {
    {
      std::lock_guard<std::mutex> lock(Mutex);
      if (Closed)
        return;
      Messages.push_back(std::move(message));
    }
    Wake.notify_one();
  }

private:
  void work() {
    std::unique_lock<std::mutex> lock(Mutex);
    bool isOpen = true;
    for (;;) {
      Wake.wait(lock, [&] { return Closed || !Messages.empty(); });
      if (Messages.empty())
        return;
      std::string message = std::move(Messages.front());
      Messages.pop_front();
      lock.unlock();
      isOpen = isOpen && Writer.write(message);
      lock.lock();
    }
  }

  MessageWriter Writer;
  std::mutex Mutex;
  std::condition_variable Wake;
  std::deque<std::string> Messages;
  bool Closed = false;
  std::thread Thread;
};

} // namespace

static void say(const llvm::Twine &message) {
  // One write: the server logs to the same place.
  std::string line = ("gridlock: " + message + "\n").str();
  llvm::errs() << line;
}

struct RelayLoop::State {
  State(int clientInput, int clientOutput, int serverInput, int serverOutput, LiveOptions options)
      : FromClient(clientInput), FromServer(serverOutput), ToServer(serverInput), ServerInput(serverInput),
        ToClient(clientOutput), Between({[this](std::string message) { ToClient.put(std::move(message)); },
                                         [this](const std::string &message) { ToServer.write(message); }, say},
                                        std::move(options)) {}

  MessageReader FromClient, FromServer;
  MessageWriter ToServer;
  int ServerInput;
  Outbox ToClient;
  Relay Between;
};

RelayLoop::RelayLoop(int clientInput, int clientOutput, int serverInput, int serverOutput, LiveOptions options)
    : Shared(new State(clientInput, clientOutput, serverInput, serverOutput, std::move(options))) {}

Relay &RelayLoop::relay() { return Shared->Between; }

void RelayLoop::run() {
  // It may wait for the client for ever: it ends with the process.
  std::thread([state = Shared] {
    while (std::optional<std::string> message = state->FromClient.next())
      state->Between.fromClient(std::move(*message));
    ::close(state->ServerInput);
  }).detach();
  while (std::optional<std::string> message = Shared->FromServer.next())
    Shared->Between.fromServer(std::move(*message));
  Shared->ToClient.finish();
}

LiveOptions optionsOf(const std::vector<std::string> &command) {
  LiveOptions options;
  options.threads = std::max(1u, std::thread::hardware_concurrency() / 2);
  for (std::size_t i = 1; i < command.size(); ++i) {
    llvm::StringRef word = command[i];
    if (!word.consume_front("--compile-commands-dir") && !word.consume_front("-compile-commands-dir"))
      continue;
    if (word.consume_front("="))
      options.commands.buildDirectory = word.str();
    else if (word.empty() && i + 1 < command.size())
      options.commands.buildDirectory = command[i + 1];
  }
  return options;
}

int runProxy(const std::vector<std::string> &command) {
  std::signal(SIGPIPE, SIG_IGN);
  llvm::Expected<ChildServer> server = startServer(command);
  if (!server) {
    say("error: " + llvm::toString(server.takeError()) + "; name the language server: gridlock lsp-proxy -- clangd-22");
    return 2;
  }
  RelayLoop(STDIN_FILENO, STDOUT_FILENO, server->input, server->output, optionsOf(command)).run();
  std::_Exit(waitForServer(*server));
}

} // namespace gridlock::integrations
