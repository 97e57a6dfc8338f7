// The page's good example.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

void count() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return;
  pid_t writer = fork();
  if (writer == 0) {
    dup2(ends[1], 1);
    execlp("ls", "ls", nullptr);
    _exit(127);
  }
  close(ends[1]);
  pid_t counter = fork();
  if (counter == 0) {
    dup2(ends[0], 0);
    execlp("wc", "wc", "-l", nullptr);
    _exit(127);
  }
  close(ends[0]);
  waitpid(writer, nullptr, 0);
  waitpid(counter, nullptr, 0);
}
