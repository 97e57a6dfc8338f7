// Another method, through a helper function, waits for the member.
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

static void collect(pid_t pid) {
  for (int i = 0; i < 500 && waitpid(pid, nullptr, WNOHANG) == 0; ++i)
    usleep(1000);
}

class Player {
public:
  ~Player() { stop(); }
  void play(const char *file) {
    Pid = fork();
    if (Pid == 0) {
      execlp("aplay", "aplay", file, nullptr);
      _exit(127);
    }
  }
  void stop() {
    if (Pid > 0) {
      kill(Pid, SIGKILL);
      collect(Pid);
    }
    Pid = -1;
  }

private:
  pid_t Pid = -1;
};

void beep(Player &player) { player.play("beep.wav"); }
