//===- ChildServer.cpp - The language server behind the proxy -------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "integrations/lsp_proxy/ChildServer.h"
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace gridlock::integrations {

llvm::Expected<ChildServer> startServer(const std::vector<std::string> &command) {
  // Close-on-exec: the child would else hold the other ends of its own pipes,
  // and never see its input end.
  int toChild[2], fromChild[2];
  if (pipe2(toChild, O_CLOEXEC))
    return llvm::createStringError("cannot make a pipe: " + std::string(std::strerror(errno)));
  if (pipe2(fromChild, O_CLOEXEC)) {
    std::string message = std::strerror(errno);
    ::close(toChild[0]);
    ::close(toChild[1]);
    return llvm::createStringError("cannot make a pipe: " + message);
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, toChild[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fromChild[1], STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  std::vector<std::string> words = command;
  std::vector<char *> pointers;
  for (std::string &word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_t process = -1;
  int code = posix_spawnp(&process, pointers.front(), &actions, &attributes, pointers.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  ::close(toChild[0]);
  ::close(fromChild[1]);
  if (code == 0)
    return ChildServer{process, toChild[1], fromChild[0]};
  ::close(toChild[1]);
  ::close(fromChild[0]);
  return llvm::createStringError("cannot run " + command.front() + ": " + std::strerror(code));
}

int waitForServer(const ChildServer &server) {
  int status = 0;
  while (waitpid(server.process, &status, 0) != server.process)
    if (errno != EINTR)
      return 127;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

} // namespace gridlock::integrations
