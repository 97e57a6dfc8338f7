// The arguments are put together before the fork.
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

static int run(const std::vector<std::string> &words) {
  std::vector<char *> arguments;
  for (const std::string &word : words)
    arguments.push_back(const_cast<char *>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = fork();
  if (child == 0) {
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0); // allow: process-no-timeout
  return status;
}

int main() {
  std::jthread background([] {
    std::string text;
    for (int i = 0; i < 1000; ++i)
      text += "x";
  });
  return run({"true"});
}
