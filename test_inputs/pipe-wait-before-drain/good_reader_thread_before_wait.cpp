// The thread that empties the output is started before the wait.
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

static void slurp(int from, std::string *to) {
  char block[512];
  ssize_t size;
  while ((size = read(from, block, sizeof(block))) > 0)
    to->append(block, size_t(size));
  close(from);
}

int capture(const char *program, std::string *output) {
  int out[2];
  if (pipe(out))
    return -1;
  pid_t child = fork();
  if (child == 0) {
    dup2(out[1], 1);
    close(out[0]);
    close(out[1]);
    execlp(program, program, nullptr);
    _exit(1);
  }
  close(out[1]);
  std::thread reader(slurp, out[0], output);
  int status;
  waitpid(child, &status, 0);
  reader.join();
  return status;
}
