// The helper is forked before the first thread starts.
#include <cstdio>
#include <string>
#include <sys/types.h>
#include <thread>
#include <unistd.h>

static pid_t startHelper() {
  pid_t pid = fork();
  if (pid == 0) {
    std::string greeting = "helper";
    std::puts(greeting.c_str());
    _exit(0);
  }
  return pid;
}

int main() {
  pid_t helper = startHelper();
  std::jthread worker([] { std::puts("working"); });
  return helper < 0;
}
