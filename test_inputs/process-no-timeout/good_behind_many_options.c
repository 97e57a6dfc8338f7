/* A helper is killed and waited for, behind a loop over many options. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct Notice {
  pid_t pid;
};

extern int sign(const char *key, const char *file);

static struct Notice *showNotice(const char *prompt) {
  struct Notice *notice = calloc(1, sizeof(*notice));
  if (!notice)
    return NULL;
  notice->pid = fork();
  if (notice->pid == 0) {
    execlp("askpass", "askpass", prompt, (char *)NULL);
    _exit(1);
  }
  return notice;
}

static void dropNotice(struct Notice *notice) {
  if (notice == NULL || notice->pid <= 0) {
    free(notice);
    return;
  }
  kill(notice->pid, SIGKILL);
  waitpid(notice->pid, NULL, 0);
  free(notice);
}

static int signFiles(const char *key, int argc, char **argv) {
  int failed = 0;
  for (int i = 0; i < argc; i++) {
    struct Notice *notice = showNotice(argv[i]);
    failed |= sign(key, argv[i]);
    dropNotice(notice);
  }
  return failed;
}

int main(int argc, char **argv) {
  int option, quiet = 0, hash = 0, print = 0, change = 0, comment = 0, import = 0, export = 0, find = 0, remove = 0;
  char *key = NULL, *name = NULL, *format = NULL;
  while ((option = getopt(argc, argv, "qhpciexfrn:m:k:")) != -1) {
    switch (option) {
    case 'q':
      quiet = 1;
      break;
    case 'h':
      hash = 1;
      break;
    case 'p':
      print = 1;
      break;
    case 'c':
      change = 1;
      break;
    case 'i':
      import = 1;
      break;
    case 'e':
      export = 1;
      break;
    case 'k':
      key = optarg;
      break;
    case 'x':
      comment = 1;
      break;
    case 'f':
      find = 1;
      break;
    case 'r':
      remove = 1;
      break;
    case 'n':
      name = optarg;
      break;
    case 'm':
      format = optarg;
      break;
    default:
      return 2;
    }
  }
  if (quiet && print)
    return 2;
  if (import && export)
    return 2;
  if (find + remove + hash > 1)
    return 2;
  if (change || comment || name || format)
    printf("%s %s\n", name ? name : "", format ? format : "");
  if (key != NULL)
    return signFiles(key, argc - optind, argv + optind);
  return 0;
}
