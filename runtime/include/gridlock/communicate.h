//===- communicate.h - Child processes that cannot deadlock -----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Starting a child with pipes and then waiting for it deadlocks as soon as the
/// child writes more than a pipe holds; so does writing all of its input before
/// reading its output. `gridlock::communicate` does all at once:
///
///   gridlock::child child({"sort", "-u"}, {.in = gridlock::pipe, .out = gridlock::pipe});
///   auto result = gridlock::communicate(child, text, std::chrono::seconds(10));
///   use(result.output, result.status);
///
/// It feeds standard input and drains standard output and standard error
/// together, then reaps the child. When the time is over it throws
/// `gridlock::timeout_expired`, which carries what was read; the child still
/// runs then. The caller may communicate again, with the same input (it goes on
/// where it stopped), or `stop` the child.
///
/// A grandchild that inherited a pipe keeps it open after the child has ended.
/// Then what is there is read until the pipes are quiet for `linger`, and
/// `pipes_left_open` says so; the call does not wait for the grandchild.
///
/// POSIX. Header only. One child object is used by one thread at a time;
/// different ones are independent. Nothing here changes the process's signal
/// handlers or other descriptors; SIGPIPE is held back from the calling thread
/// while it writes.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_COMMUNICATE_H
#define GRIDLOCK_COMMUNICATE_H

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

extern char **environ;

namespace gridlock {

/// An open descriptor with one owner.
class descriptor {
public:
  descriptor() = default;
  explicit descriptor(int number) : Number(number) {}
  descriptor(descriptor &&other) noexcept : Number(std::exchange(other.Number, -1)) {}
  descriptor &operator=(descriptor &&other) noexcept {
    if (this != &other) {
      close();
      Number = std::exchange(other.Number, -1);
    }
    return *this;
  }
  ~descriptor() { close(); }
  int get() const { return Number; }
  explicit operator bool() const { return Number >= 0; }
  void close() {
    if (Number >= 0)
      ::close(std::exchange(Number, -1)); // not repeated after EINTR: on Linux it is closed
  }

private:
  int Number = -1;
};

/// Where one of the child's standard streams goes.
class stream {
public:
  enum class kind { inherit, pipe, null, merge, given };
  stream() = default;
  stream(kind which) : Which(which) {}
  /// An open descriptor; the parent's copy is closed once the child has it. To
  /// chain two children: `{.in = first.take_output()}`.
  stream(descriptor given) : Which(kind::given), Given(std::move(given)) {}
  kind which() const { return Which; }
  int given() const { return Given.get(); }

private:
  kind Which = kind::inherit;
  descriptor Given;
};
inline constexpr stream::kind inherit = stream::kind::inherit;
inline constexpr stream::kind pipe = stream::kind::pipe;
inline constexpr stream::kind null = stream::kind::null;   ///< /dev/null
inline constexpr stream::kind merge = stream::kind::merge; ///< standard error to where standard output goes

struct streams {
  stream in = inherit;
  stream out = inherit;
  stream err = inherit;
};

/// How a child ended.
struct exit_status {
  int code = 0;   ///< what it returned, when it ended by itself
  int signal = 0; ///< what killed it, or 0
  bool success() const { return code == 0 && signal == 0; }
};

struct communicated {
  std::string output;
  std::string errors;
  exit_status status;
  /// Somebody else still holds a pipe: more may have come later.
  bool pipes_left_open = false;
};

/// The time was over. Carries what was read so far; the child still runs.
class timeout_expired : public std::runtime_error {
public:
  timeout_expired(std::string output, std::string errors)
      : std::runtime_error("gridlock::communicate: the child did not end in time"), output(std::move(output)),
        errors(std::move(errors)) {}
  std::string output;
  std::string errors;
};

/// A started process. Its destructor closes the pipes, stops the child if it
/// still runs, and reaps it: no zombie stays, and it takes at most the grace
/// time.
class child {
public:
  using clock = std::chrono::steady_clock;

  /// Starts a program; `arguments[0]` is looked up in PATH. Throws
  /// std::system_error when it cannot be started.
  explicit child(const std::vector<std::string> &arguments, streams where = {}) { start(arguments, std::move(where)); }
  child(child &&other) noexcept
      : Pid(std::exchange(other.Pid, -1)), Handle(std::move(other.Handle)), Input(std::move(other.Input)),
        Output(std::move(other.Output)), Errors(std::move(other.Errors)), Ended(std::exchange(other.Ended, {})),
        Written(other.Written), OutputRead(std::move(other.OutputRead)), ErrorsRead(std::move(other.ErrorsRead)) {}
  child &operator=(child &&) = delete;
  ~child() {
    Input.close();
    Output.close();
    Errors.close();
    if (Pid > 0 && !Ended)
      stop();
  }

  pid_t pid() const { return Pid; }
  /// The parent's ends of the pipes; -1 where there is none.
  int input() const { return Input.get(); }
  int output() const { return Output.get(); }
  int errors() const { return Errors.get(); }
  /// Gives a pipe away: to another child, or to a thread that reads it.
  descriptor take_output() { return std::move(Output); }
  descriptor take_errors() { return std::move(Errors); }
  void close_input() { Input.close(); }

  /// The status, when the child has ended. Never blocks.
  std::optional<exit_status> poll() { return wait_until(clock::time_point::min()); }

  /// Waits without a limit. While the child has a pipe that nobody reads, this
  /// would be the deadlock that the header is about: then it throws
  /// std::logic_error.
  exit_status wait() {
    if (!Ended && (Output || Errors))
      throw std::logic_error("gridlock::child::wait: the child's output is a pipe that nobody reads; use "
                             "communicate, or take_output");
    return *wait_until(clock::time_point::max());
  }
  std::optional<exit_status> wait_for(clock::duration time) { return wait_until(after(time)); }

  std::optional<exit_status> wait_until(clock::time_point deadline) {
    while (!Ended && !reap()) {
      if (deadline != clock::time_point::max() && clock::now() >= deadline)
        return std::nullopt;
      sleepUntilEnd(deadline);
    }
    return Ended;
  }

  /// Sends a signal, unless the child was reaped: its number may be another
  /// process by then.
  void send(int signal) {
    if (Pid > 0 && !Ended)
      ::kill(Pid, signal);
  }

  /// Asks the child to end (SIGTERM), and kills it (SIGKILL) when it has not
  /// within the grace time. Reaps it.
  exit_status stop(clock::duration grace = std::chrono::seconds(2)) {
    send(SIGTERM);
    if (!wait_for(grace))
      send(SIGKILL);
    return *wait_until(clock::time_point::max());
  }

private:
  friend communicated communicate(child &child, std::string_view input, std::optional<clock::duration> timeout,
                                  clock::duration linger);

  static std::system_error failure(const char *what, int error) {
    return std::system_error(error, std::generic_category(), std::string("gridlock::child: ") + what);
  }

  /// A pipe whose ends are not among the standard streams, so that dup2 in the
  /// child overwrites none of them, and that no other child inherits.
  static std::array<descriptor, 2> makePipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
      throw failure("no pipe", errno);
    std::array<descriptor, 2> result = {descriptor(ends[0]), descriptor(ends[1])};
    for (descriptor &end : result)
      if (end.get() <= 2) {
        int moved = ::fcntl(end.get(), F_DUPFD_CLOEXEC, 3);
        if (moved < 0)
          throw failure("no descriptor", errno);
        end = descriptor(moved);
      }
    return result;
  }

  struct Actions {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    Actions() {
      ::posix_spawn_file_actions_init(&actions);
      ::posix_spawnattr_init(&attributes);
      // The child starts as from a shell: SIGPIPE ends it.
      sigset_t defaults, mask;
      sigemptyset(&defaults);
      sigaddset(&defaults, SIGPIPE);
      sigemptyset(&mask);
      ::posix_spawnattr_setsigdefault(&attributes, &defaults);
      ::posix_spawnattr_setsigmask(&attributes, &mask);
      ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    }
    ~Actions() {
      ::posix_spawn_file_actions_destroy(&actions);
      ::posix_spawnattr_destroy(&attributes);
    }
    Actions(const Actions &) = delete;
    Actions &operator=(const Actions &) = delete;
  };

  /// One standard stream. The parent's end goes to `own`, the child's to `theirs`.
  static void connect(Actions &actions, const stream &where, int number, descriptor &own, descriptor &theirs) {
    switch (where.which()) {
    case stream::kind::inherit:
      break;
    case stream::kind::merge:
      ::posix_spawn_file_actions_adddup2(&actions.actions, 1, number);
      break;
    case stream::kind::null:
      ::posix_spawn_file_actions_addopen(&actions.actions, number, "/dev/null", number == 0 ? O_RDONLY : O_WRONLY, 0);
      break;
    case stream::kind::given:
      ::posix_spawn_file_actions_adddup2(&actions.actions, where.given(), number);
      break;
    case stream::kind::pipe: {
      std::array<descriptor, 2> ends = makePipe();
      own = std::move(ends[number == 0 ? 1 : 0]);
      theirs = std::move(ends[number == 0 ? 0 : 1]);
      // Only our end: the child expects blocking streams.
      ::fcntl(own.get(), F_SETFL, ::fcntl(own.get(), F_GETFL) | O_NONBLOCK);
      ::posix_spawn_file_actions_adddup2(&actions.actions, theirs.get(), number);
    }
    }
  }

  void start(const std::vector<std::string> &arguments, streams where) {
    if (arguments.empty())
      throw std::invalid_argument("gridlock::child: no program given");
    std::vector<char *> words;
    for (const std::string &word : arguments)
      words.push_back(const_cast<char *>(word.c_str()));
    words.push_back(nullptr);
    Actions actions;
    descriptor childInput, childOutput, childErrors;
    connect(actions, where.in, 0, Input, childInput);
    connect(actions, where.out, 1, Output, childOutput);
    connect(actions, where.err, 2, Errors, childErrors);
    int error = ::posix_spawnp(&Pid, words[0], &actions.actions, &actions.attributes, words.data(), environ);
    if (error) {
      Pid = -1;
      throw failure(("cannot start '" + arguments[0] + "'").c_str(), error);
    }
#ifdef SYS_pidfd_open
    Handle = descriptor(static_cast<int>(::syscall(SYS_pidfd_open, Pid, 0)));
#endif
  }

  /// The end of a time that begins now; a time too long to count has none.
  static clock::time_point after(clock::duration time) {
    clock::time_point now = clock::now();
    return time > clock::time_point::max() - now ? clock::time_point::max() : now + time;
  }

  /// Reaps the child if it has ended. One that was moved away is none of ours, and
  /// its number would stand for every child of the process.
  bool reap() {
    if (Pid <= 0) {
      Ended = exit_status{-1, 0};
      return true;
    }
    int status = 0;
    pid_t result;
    do
      result = ::waitpid(Pid, &status, WNOHANG);
    while (result < 0 && errno == EINTR);
    if (result == 0)
      return false;
    exit_status ended;
    if (result == Pid && WIFSIGNALED(status))
      ended.signal = WTERMSIG(status);
    else if (result == Pid)
      ended.code = WEXITSTATUS(status);
    else
      ended.code = -1; // somebody else reaped it: the status is lost
    Ended = ended;
    return true;
  }

  static int milliseconds(clock::time_point deadline) {
    if (deadline == clock::time_point::max())
      return -1;
    auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now()).count();
    return left < 0 ? 0 : left > 1000000 ? 1000000 : static_cast<int>(left);
  }

  /// Without a process descriptor (old kernels) the end is looked for in steps.
  static constexpr int StepMs = 20;

  void sleepUntilEnd(clock::time_point deadline) {
    int time = milliseconds(deadline);
    pollfd handle = {Handle.get(), POLLIN, 0};
    if (!Handle)
      time = time < 0 || time > StepMs ? StepMs : time;
    ::poll(&handle, Handle ? 1 : 0, time);
  }

  pid_t Pid = -1;
  descriptor Handle; ///< pidfd: readable when the child has ended
  descriptor Input, Output, Errors;
  std::optional<exit_status> Ended;
  // Where a communicate that ran out of time stopped.
  std::size_t Written = 0;
  std::string OutputRead, ErrorsRead;
};

namespace communicate_detail {

/// Holds SIGPIPE back from this thread and swallows one that came.
class no_sigpipe {
public:
  no_sigpipe() {
    sigset_t pending;
    ::sigpending(&pending);
    WasPending = sigismember(&pending, SIGPIPE);
    sigemptyset(&Only);
    sigaddset(&Only, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &Only, &Before);
  }
  ~no_sigpipe() {
    if (!WasPending) {
      int saved = errno;
      timespec none = {};
      while (::sigtimedwait(&Only, nullptr, &none) < 0 && errno == EINTR) {
      }
      errno = saved;
    }
    ::pthread_sigmask(SIG_SETMASK, &Before, nullptr);
  }
  no_sigpipe(const no_sigpipe &) = delete;
  no_sigpipe &operator=(const no_sigpipe &) = delete;

private:
  sigset_t Only, Before;
  bool WasPending;
};

/// Reads what is there, up to a bound, so that a child that never stops writing
/// does not keep us from the clock and the other pipes. Closes the pipe at its
/// end. Returns whether anything came.
inline bool drain(descriptor &from, std::string &to) {
  char buffer[65536];
  bool any = false;
  for (int reads = 0; reads < 4 && from; ++reads) {
    ssize_t bytes = ::read(from.get(), buffer, sizeof(buffer));
    if (bytes > 0) {
      to.append(buffer, static_cast<std::size_t>(bytes));
      any = true;
      if (static_cast<std::size_t>(bytes) < sizeof(buffer))
        break;
    } else if (bytes == 0) {
      from.close();
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      break;
    } else if (errno != EINTR) {
      from.close();
    }
  }
  return any;
}

/// Writes what fits. Closes the pipe when all is written or nobody reads it.
inline void feed(descriptor &to, std::string_view text, std::size_t &written) {
  no_sigpipe guard;
  while (to && written < text.size()) {
    ssize_t bytes = ::write(to.get(), text.data() + written, text.size() - written);
    if (bytes >= 0)
      written += static_cast<std::size_t>(bytes);
    else if (errno == EAGAIN || errno == EWOULDBLOCK)
      return;
    else if (errno != EINTR)
      to.close(); // EPIPE: the child does not want more, which is its right
  }
  to.close();
}

} // namespace communicate_detail

/// Sends `input` to the child's standard input and closes it, reads standard
/// output and standard error to their ends, all at the same time, and reaps the
/// child. Streams that are no pipes are left alone. Throws timeout_expired when
/// that is not done within `timeout`.
inline communicated communicate(child &child, std::string_view input = {},
                                std::optional<std::chrono::steady_clock::duration> timeout = std::nullopt,
                                std::chrono::steady_clock::duration linger = std::chrono::milliseconds(250)) {
  using namespace communicate_detail;
  using clock = std::chrono::steady_clock;
  clock::time_point deadline = timeout ? gridlock::child::after(*timeout) : clock::time_point::max();
  clock::time_point quietUntil = clock::time_point::max();
  if (child.Written >= input.size())
    child.Input.close();
  while (child.Input || child.Output || child.Errors || !child.Ended) {
    if (!child.Ended)
      child.reap();
    if (child.Ended) {
      child.Input.close(); // a grandchild that still reads it is not ours to feed
      if (!child.Output && !child.Errors)
        break;
      if (quietUntil == clock::time_point::max())
        quietUntil = gridlock::child::after(linger);
    }
    clock::time_point now = clock::now();
    if (now >= deadline) {
      if (child.Ended && now >= quietUntil)
        break;
      throw timeout_expired(child.OutputRead, child.ErrorsRead);
    }
    if (child.Ended && now >= quietUntil)
      break;
    pollfd set[4] = {{child.Input.get(), POLLOUT, 0},
                     {child.Output.get(), POLLIN, 0},
                     {child.Errors.get(), POLLIN, 0},
                     {child.Ended ? -1 : child.Handle.get(), POLLIN, 0}};
    int time = gridlock::child::milliseconds(deadline < quietUntil ? deadline : quietUntil);
    if (!child.Ended && !child.Handle && (time < 0 || time > gridlock::child::StepMs))
      time = gridlock::child::StepMs;
    int ready = ::poll(set, 4, time);
    if (ready < 0 && errno != EINTR)
      throw gridlock::child::failure("poll", errno);
    if (ready <= 0)
      continue;
    bool any = false;
    if (set[0].revents)
      feed(child.Input, input, child.Written);
    if (set[1].revents)
      any |= drain(child.Output, child.OutputRead);
    if (set[2].revents)
      any |= drain(child.Errors, child.ErrorsRead);
    if (any && child.Ended)
      quietUntil = gridlock::child::after(linger);
  }
  communicated result;
  result.pipes_left_open = child.Output || child.Errors;
  child.Output.close();
  child.Errors.close();
  result.output = std::exchange(child.OutputRead, {});
  result.errors = std::exchange(child.ErrorsRead, {});
  result.status = *child.Ended;
  return result;
}

/// Runs a program to its end: communicate with a child of its own, which is
/// stopped when the time is over.
inline communicated run(const std::vector<std::string> &arguments, std::string_view input = {},
                        std::optional<std::chrono::steady_clock::duration> timeout = std::nullopt) {
  child process(arguments, {.in = pipe, .out = pipe, .err = pipe});
  return communicate(process, input, timeout);
}

} // namespace gridlock

#endif // GRIDLOCK_COMMUNICATE_H
