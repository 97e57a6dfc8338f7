// The job's copy of the write end is closed in finish(), after the read that
// waits for the end-of-file.
#include <memory>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

extern char **environ;

class Job {
public:
  bool start(const std::vector<std::string> &words);
  std::string collect();
  int finish();

private:
  pid_t Pid = -1;
  int Output[2] = {-1, -1};
};

bool Job::start(const std::vector<std::string> &words) {
  if (pipe(Output) != 0)
    return false;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, Output[1], 1);
  posix_spawn_file_actions_addclose(&actions, Output[0]);
  posix_spawn_file_actions_addclose(&actions, Output[1]);
  std::vector<char *> arguments;
  for (const std::string &word : words)
    arguments.push_back(const_cast<char *>(word.c_str()));
  arguments.push_back(nullptr);
  int error = posix_spawnp(&Pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return error == 0;
}

std::string Job::collect() {
  std::string text;
  char buffer[512];
  for (;;) {
    ssize_t count = read(Output[0], buffer, sizeof buffer); // expect: pipe-end-left-open#job
    if (count <= 0)
      return text;
    text.append(buffer, static_cast<size_t>(count));
  }
}

int Job::finish() {
  int status = -1;
  close(Output[1]);
  close(Output[0]);
  waitpid(Pid, &status, 0);
  return status;
}

int main() {
  auto job = std::make_unique<Job>();
  if (!job->start({"git", "log", "--oneline"}))
    return 1;
  std::string text = job->collect(); // expect: pipe-end-left-open#job
  return job->finish() != 0 || text.empty();
}
