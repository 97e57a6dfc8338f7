// A command with a time-out: the loop only asks whether the child has ended, so
// a chatty child runs into the time-out instead of its end.
// proof: ends, because the time-out kills the child
#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace util {

struct CommandResult {
  int code = -1;
  bool timedOut = false;
  std::string text;
};

class Command {
public:
  explicit Command(std::string line) : Line(std::move(line)) {}
  CommandResult run(std::chrono::milliseconds limit);

private:
  bool launch();
  bool ended(int &code);
  void takeText(std::string &text);

  std::string Line;
  pid_t Child = -1;
  int Out = -1;
};

bool Command::launch() {
  int ends[2];
  if (::pipe(ends) != 0)
    return false;
  Child = ::fork();
  if (Child == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::execl("/bin/sh", "sh", "-c", Line.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  if (Child < 0) {
    ::close(ends[0]);
    return false;
  }
  Out = ends[0];
  return true;
}

bool Command::ended(int &code) {
  int status = 0;
  pid_t got = ::waitpid(Child, &status, WNOHANG); // expect: pipe-wait-before-drain#loop
  if (got != Child)
    return false;
  code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return true;
}

void Command::takeText(std::string &text) {
  char buffer[1024];
  ssize_t count;
  while ((count = ::read(Out, buffer, sizeof buffer)) > 0)
    text.append(buffer, static_cast<size_t>(count));
}

CommandResult Command::run(std::chrono::milliseconds limit) {
  CommandResult result;
  if (!launch())
    return result;
  auto deadline = std::chrono::steady_clock::now() + limit;
  while (!ended(result.code)) { // expect: pipe-wait-before-drain#loop
    if (std::chrono::steady_clock::now() > deadline) {
      ::kill(Child, SIGKILL);
      ::waitpid(Child, nullptr, 0);
      result.timedOut = true;
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  takeText(result.text);
  ::close(Out);
  return result;
}

} // namespace util

int main() { return util::Command("dmesg").run(std::chrono::seconds(5)).code; }
