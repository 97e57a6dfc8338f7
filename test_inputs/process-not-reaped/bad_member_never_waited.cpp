// The pid goes to a member that is only ever signalled.
#include <csignal>
#include <unistd.h>

class Player {
public:
  void play(const char *file) {
    stop();
    Pid = fork(); // expect: process-not-reaped
    if (Pid == 0) {
      execlp("aplay", "aplay", file, nullptr);
      _exit(127);
    }
  }
  void stop() {
    if (Pid > 0)
      kill(Pid, SIGKILL);
    Pid = -1;
  }

private:
  pid_t Pid = -1;
};

void beep(Player &player) { player.play("beep.wav"); }
