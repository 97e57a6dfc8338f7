// Copies its own input to a child that a helper started, then reads the answers.
// proof: ends, its input is short

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t filter(const char *command, FILE **input, FILE **output) {
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
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  *input = fdopen(in[1], "w");
  *output = fdopen(out[0], "r");
  return child;
}

int main(void) {
  FILE *input, *output;
  char line[256];
  int letter;
  pid_t child = filter("sort", &input, &output);
  if (child < 0)
    return 1;
  while (fgets(line, sizeof line, stdin))
    fputs(line, input); // expect: pipe-write-before-drain
  fclose(input);
  while ((letter = fgetc(output)) != EOF)
    putchar(letter);
  fclose(output);
  waitpid(child, NULL, 0);
  return 0;
}
