// subprocess.h: joined before its output is read.
#include <stdio.h>

struct subprocess_s {
  FILE *stdin_file;
  FILE *stdout_file;
  FILE *stderr_file;
  int child;
};
enum subprocess_option_e { subprocess_option_combined_stdout_stderr = 0x1, subprocess_option_inherit_environment = 0x2 };
int subprocess_create(const char *const command[], int options, struct subprocess_s *process);
FILE *subprocess_stdout(const struct subprocess_s *process);
int subprocess_join(struct subprocess_s *process, int *status);
int subprocess_destroy(struct subprocess_s *process);

int list(const char *folder, FILE *to) {
  const char *command[] = {"/bin/ls", "-l", folder, NULL};
  struct subprocess_s process;
  char line[512];
  int status = -1;
  if (subprocess_create(command, subprocess_option_combined_stdout_stderr, &process) != 0)
    return -1;
  if (subprocess_join(&process, &status) != 0) // expect: pipe-wait-before-drain
    return -1;
  while (fgets(line, sizeof line, subprocess_stdout(&process)))
    fputs(line, to);
  subprocess_destroy(&process);
  return status;
}
