// The thread that empties the output is started when all input has been written.
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

int filter(const char *program, const std::string &input, std::string *output) {
  int in[2], out[2];
  if (pipe(in) || pipe(out))
    return -1;
  pid_t child = fork();
  if (child == 0) {
    dup2(in[0], 0);
    dup2(out[1], 1);
    close(in[0]);
    close(in[1]);
    close(out[0]);
    close(out[1]);
    execlp(program, program, nullptr);
    _exit(1);
  }
  close(in[0]);
  close(out[1]);
  size_t done = 0;
  while (done < input.size()) {
    ssize_t size = write(in[1], input.data() + done, input.size() - done); // expect: pipe-write-before-drain
    if (size <= 0)
      break;
    done += size_t(size);
  }
  close(in[1]);
  std::thread reader(slurp, out[0], output);
  int status;
  waitpid(child, &status, 0);
  reader.join();
  return status;
}
