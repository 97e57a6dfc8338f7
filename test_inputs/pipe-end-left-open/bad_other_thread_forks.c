// Each worker captures a command's output. The command of one is started while
// the other is between `pipe` and `close`, and keeps the write end of its pipe.
// proof: ends, since all these commands end by themselves: who keeps the end does not keep it for ever
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct job {
  const char *command;
  char output[4096];
};

static void capture(struct job *job) {
  int ends[2];
  size_t used = 0;
  ssize_t got;
  if (pipe(ends) != 0)
    return;
  pid_t pid = fork();
  if (pid == 0) {
    dup2(ends[1], 1);
    close(ends[0]);
    close(ends[1]);
    execl("/bin/sh", "sh", "-c", job->command, (char *)0);
    _exit(127);
  }
  close(ends[1]);
  while ((got = read(ends[0], job->output + used, sizeof job->output - used - 1)) > 0) // expect: pipe-end-left-open
    used += (size_t)got;
  job->output[used] = 0;
  close(ends[0]);
  if (pid > 0)
    waitpid(pid, NULL, 0);
}

static void *work(void *argument) {
  capture(argument);
  return NULL;
}

int main(void) {
  struct job jobs[4] = {{"date", ""}, {"uptime", ""}, {"who", ""}, {"df", ""}};
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i)
    pthread_create(&threads[i], NULL, work, &jobs[i]);
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], NULL);
  for (int i = 0; i < 4; ++i)
    printf("%s: %s\n", jobs[i].command, jobs[i].output);
  return 0;
}
