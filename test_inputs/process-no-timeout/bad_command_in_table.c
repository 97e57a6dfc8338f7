/* A program reads commands and calls what a table says; one of them runs a child and waits for it. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef int (*Command)(const char *);

static int runShell(const char *text) {
  int status = 0;
  pid_t pid = fork();
  if (pid == 0) {
    execl("/bin/sh", "sh", "-c", text, (char *)NULL);
    _exit(127);
  }
  if (pid < 0)
    return -1;
  waitpid(pid, &status, 0); // expect: process-no-timeout
  return status;
}
static int cd(const char *text) { return chdir(text); }
static int rm(const char *text) { return unlink(text); }
static int md(const char *text) { return puts(text); }
static int rd(const char *text) { return rmdir(text); }
static int echo(const char *text) { return puts(text); }
static int size(const char *text) { return (int)strlen(text); }
static int first(const char *text) { return text[0]; }
static int second(const char *text) { return text[1]; }
static int third(const char *text) { return text[2]; }
static int fourth(const char *text) { return text[3]; }
static int fifth(const char *text) { return text[4]; }
static int sixth(const char *text) { return text[5]; }
static int last(const char *text) { return text[strlen(text) - 1]; }
static int none(const char *text) { return text == NULL; }

static const struct {
  const char *name;
  Command run;
} commands[] = {
    {"cd", cd},       {"rm", rm},       {"md", md},         {"rd", rd},       {"echo", echo},
    {"size", size},   {"first", first}, {"second", second}, {"third", third}, {"fourth", fourth},
    {"fifth", fifth}, {"sixth", sixth}, {"last", last},     {"none", none},   {"sh", runShell},
};

int main(void) {
  char line[100];
  while (fgets(line, sizeof(line), stdin))
    for (unsigned i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
      if (strcmp(commands[i].name, line) == 0)
        commands[i].run(line);
  return 0;
}
