//===- CommunicateTest.cpp - Child processes ------------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "gridlock/communicate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <thread>

namespace {

using namespace std::chrono_literals;
using gridlock::child;
using gridlock::communicate;

constexpr std::size_t Huge = 100u << 20;
/// Long enough that only a hang reaches it.
constexpr auto Ample = 120s;

std::vector<std::string> shell(const std::string &script) { return {"/bin/sh", "-c", script}; }

gridlock::streams allPipes() { return {.in = gridlock::pipe, .out = gridlock::pipe, .err = gridlock::pipe}; }

TEST(Communicate, EchoesInput) {
  child cat({"cat"}, allPipes());
  auto result = communicate(cat, "hello", Ample);
  EXPECT_EQ(result.output, "hello");
  EXPECT_EQ(result.errors, "");
  EXPECT_TRUE(result.status.success());
  EXPECT_FALSE(result.pipes_left_open);
}

TEST(Communicate, HundredMebibytesThroughTheChild) {
  std::string text(Huge, 'x');
  for (std::size_t i = 0; i < text.size(); i += 4096)
    text[i] = static_cast<char>('a' + i / 4096 % 26);
  child cat({"cat"}, allPipes());
  auto result = communicate(cat, text, Ample);
  EXPECT_TRUE(result.output == text);
}

TEST(Communicate, HundredMebibytesOnBothPipes) {
  child both(shell("head -c 104857600 /dev/zero >&2; head -c 104857600 /dev/zero"), allPipes());
  auto result = communicate(both, {}, Ample);
  EXPECT_EQ(result.output.size(), Huge);
  EXPECT_EQ(result.errors.size(), Huge);
}

TEST(Communicate, InterleavedOutputAndErrors) {
  child both(shell("i=0; while [ $i -lt 2000 ]; do echo out$i; echo err$i >&2; i=$((i+1)); done"), allPipes());
  auto result = communicate(both, {}, Ample);
  EXPECT_THAT(result.output, testing::EndsWith("out1999\n"));
  EXPECT_THAT(result.errors, testing::EndsWith("err1999\n"));
}

TEST(Communicate, ChildThatReadsNothing) {
  std::string text(Huge, 'x');
  child deaf(shell("exec 0<&-; echo done"), allPipes());
  auto result = communicate(deaf, text, Ample);
  EXPECT_EQ(result.output, "done\n");
  EXPECT_TRUE(result.status.success());
}

TEST(Communicate, ChildThatReadsAPart) {
  std::string text(Huge, 'x');
  child head({"head", "-c", "10"}, allPipes());
  auto result = communicate(head, text, Ample);
  EXPECT_EQ(result.output, "xxxxxxxxxx");
}

TEST(Communicate, SigpipeStaysAsItWas) {
  struct sigaction before, after;
  sigaction(SIGPIPE, nullptr, &before);
  child deaf({"true"}, allPipes());
  communicate(deaf, std::string(1 << 20, 'x'), Ample);
  sigaction(SIGPIPE, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
  sigset_t pending;
  sigpending(&pending);
  EXPECT_FALSE(sigismember(&pending, SIGPIPE));
}

TEST(Communicate, StatusAndSignal) {
  child three(shell("exit 3"), allPipes());
  EXPECT_EQ(communicate(three, {}, Ample).status.code, 3);
  child killed(shell("kill -9 $$"), allPipes());
  EXPECT_EQ(communicate(killed, {}, Ample).status.signal, SIGKILL);
}

TEST(Communicate, TimeoutCarriesWhatWasReadAndGoesOn) {
  // The child waits for a line that comes with the second call only.
  child slow(shell("echo first; read line; echo \"$line\""), {.in = gridlock::pipe, .out = gridlock::pipe});
  int copy = dup(slow.input()); // keeps the input open over the first call
  std::string first;
  for (int attempt = 0; attempt < 1000 && first.empty(); ++attempt) {
    try {
      communicate(slow, {}, 20ms);
      FAIL() << "the child cannot have ended";
    } catch (const gridlock::timeout_expired &expired) {
      first = expired.output;
    }
  }
  EXPECT_EQ(first, "first\n");
  ASSERT_EQ(write(copy, "second\n", 7), 7);
  close(copy);
  auto result = communicate(slow, {}, Ample);
  EXPECT_EQ(result.output, "first\nsecond\n");
}

TEST(Communicate, TimeoutStopsEndlessOutput) {
  child endless({"yes"}, {.out = gridlock::pipe});
  EXPECT_THROW(communicate(endless, {}, 50ms), gridlock::timeout_expired);
  EXPECT_NE(endless.stop().signal, 0);
}

TEST(Communicate, StopKillsAChildThatIgnoresSigterm) {
  child stubborn(shell("trap '' TERM; echo ready; while :; do sleep 1; done"), {.out = gridlock::pipe});
  std::string ready;
  while (ready.empty()) {
    try {
      communicate(stubborn, {}, 20ms);
      FAIL();
    } catch (const gridlock::timeout_expired &expired) {
      ready = expired.output;
    }
  }
  EXPECT_EQ(stubborn.stop(50ms).signal, SIGKILL);
}

TEST(Communicate, DestructorLeavesNoZombie) {
  pid_t pid;
  {
    child sleeper({"sleep", "1000"});
    pid = sleeper.pid();
  }
  EXPECT_EQ(kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

TEST(Communicate, GrandchildThatHoldsThePipeIsNotWaitedFor) {
  auto start = std::chrono::steady_clock::now();
  child parent(shell("sleep 1000 & echo $!"), {.out = gridlock::pipe});
  auto result = communicate(parent, {}, Ample, 50ms);
  EXPECT_TRUE(result.pipes_left_open);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 60s);
  kill(static_cast<pid_t>(std::stol(result.output)), SIGKILL);
}

TEST(Communicate, SignalsDoNotDisturb) {
  struct sigaction count = {}, before;
  count.sa_handler = [](int) {};
  sigaction(SIGUSR2, &count, &before); // without SA_RESTART
  pthread_t target = pthread_self();
  std::atomic<bool> stop{false};
  std::thread pest([&] {
    while (!stop) {
      pthread_kill(target, SIGUSR2);
      std::this_thread::yield();
    }
  });
  std::string text(8u << 20, 'y');
  child cat({"cat"}, allPipes());
  auto result = communicate(cat, text, Ample);
  stop = true;
  pest.join();
  sigaction(SIGUSR2, &before, nullptr);
  EXPECT_TRUE(result.output == text);
}

TEST(Communicate, ThousandsOfDescriptors) {
  rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  rlimit more = limit;
  more.rlim_cur = limit.rlim_max < 4000 ? limit.rlim_max : 4000;
  setrlimit(RLIMIT_NOFILE, &more);
  std::vector<gridlock::descriptor> many;
  for (rlim_t i = 0; i + 200 < more.rlim_cur; ++i)
    many.emplace_back(open("/dev/null", O_RDONLY | O_CLOEXEC));
  child cat({"cat"}, allPipes());
  EXPECT_GT(cat.output(), more.rlim_cur > 2000 ? 1024 : 100);
  EXPECT_EQ(communicate(cat, "beyond FD_SETSIZE", Ample).output, "beyond FD_SETSIZE");
  many.clear();
  setrlimit(RLIMIT_NOFILE, &limit);
}

TEST(Communicate, StandardStreamsClosedInTheParent) {
  // In a process of its own: its descriptors 0 to 2 are free, so pipes land there.
  pid_t pid = fork();
  ASSERT_GE(pid, 0);
  if (pid == 0) {
    close(0);
    close(1);
    close(2);
    child cat(shell("cat; echo err >&2"), allPipes());
    auto result = communicate(cat, "in", Ample);
    _exit(result.output == "in" && result.errors == "err\n" ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_EQ(status, 0);
}

TEST(Communicate, ChildrenDoNotInheritEachOthersPipes) {
  child first({"cat"}, {.in = gridlock::pipe, .out = gridlock::pipe});
  child second({"sleep", "1000"}); // would keep first's input open
  EXPECT_EQ(communicate(first, "x", Ample).output, "x");
  second.stop();
}

TEST(Communicate, ChainsTwoChildren) {
  child first(shell("printf 'b\\na\\n'"), {.out = gridlock::pipe});
  int flags = fcntl(first.output(), F_GETFL);
  fcntl(first.output(), F_SETFL, flags & ~O_NONBLOCK); // sort expects a blocking input
  child second({"sort"}, {.in = first.take_output(), .out = gridlock::pipe});
  EXPECT_EQ(communicate(second, {}, Ample).output, "a\nb\n");
  EXPECT_TRUE(first.wait().success());
}

TEST(Communicate, MergesErrorsIntoOutput) {
  child both(shell("echo one; echo two >&2"), {.out = gridlock::pipe, .err = gridlock::merge});
  EXPECT_EQ(communicate(both, {}, Ample).output, "one\ntwo\n");
}

TEST(Communicate, WaitRefusesAnUnreadPipe) {
  child loud(shell("head -c 200000 /dev/zero"), {.out = gridlock::pipe});
  EXPECT_THROW(loud.wait(), std::logic_error);
  EXPECT_EQ(communicate(loud, {}, Ample).output.size(), 200000u);
}

TEST(Communicate, WaitsWithALimit) {
  child sleeper({"sleep", "1000"});
  EXPECT_FALSE(sleeper.poll());
  EXPECT_FALSE(sleeper.wait_for(1ms));
  sleeper.send(SIGKILL);
  EXPECT_EQ(sleeper.wait_for(Ample)->signal, SIGKILL);
}

TEST(Communicate, ATimeTooLongToCountIsNoLimit) {
  child slow(shell("read line; echo $line"), allPipes());
  auto result = communicate(slow, "late\n", std::chrono::steady_clock::duration::max());
  EXPECT_EQ(result.output, "late\n");
  child other({"true"});
  EXPECT_TRUE(other.wait_for(std::chrono::steady_clock::duration::max()));
}

TEST(Communicate, AChildThatWasMovedAwayReapsNobody) {
  child first({"cat"}, {.in = gridlock::pipe});
  child second(std::move(first));
  child bystander({"true"});
  siginfo_t info;
  while (::waitid(P_PID, static_cast<id_t>(bystander.pid()), &info, WEXITED | WNOWAIT) != 0) {
  }
  EXPECT_EQ(first.poll()->code, -1);
  EXPECT_EQ(bystander.wait().code, 0);
  second.close_input();
  EXPECT_EQ(second.wait().code, 0);
}

TEST(Communicate, MissingProgramThrows) {
  EXPECT_THROW(child({"/no/such/program"}), std::system_error);
  EXPECT_THROW(child({}), std::invalid_argument);
}

TEST(Communicate, RunsInOneCall) {
  auto result = gridlock::run(shell("cat; exit 4"), "text", Ample);
  EXPECT_EQ(result.output, "text");
  EXPECT_EQ(result.status.code, 4);
}

} // namespace
