// The page's good example.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

void build() {
  pid_t child = fork();
  if (child == 0) {
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nowhere, 2);
    execlp("make", "make", nullptr);
    _exit(127);
  }
  waitpid(child, nullptr, 0);
}
