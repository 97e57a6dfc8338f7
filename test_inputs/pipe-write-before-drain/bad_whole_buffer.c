// One call writes as much as the caller has.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static int send(const char *text, size_t size) {
  FILE *input, *output;
  char line[256];
  int letter;
  pid_t child = filter("cat", &input, &output);
  if (child < 0)
    return 1;
  fwrite(text, 1, size, input); // expect: pipe-write-before-drain
  fclose(input);
  while ((letter = fgetc(output)) != EOF)
    putchar(letter);
  (void)line;
  fclose(output);
  waitpid(child, NULL, 0);
  return 0;
}

static char text[1 << 20];

int main(void) {
  memset(text, 'x', sizeof text);
  return send(text, sizeof text);
}
