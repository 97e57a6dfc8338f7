// A daemon's skeleton in a class: SIGTERM and SIGHUP are added to a set that the
// constructor blocks, the handlers come after it, and sigsuspend opens the mask.
#include <csignal>
#include <mutex>
#include <string>
#include <thread>

namespace {

std::mutex stateMutex;
std::string state = "idle";

void setState(const char *text) {
  std::lock_guard<std::mutex> lock(stateMutex);
  state = text;
}

void onHangup(int) { setState("reload"); }

class SignalGate {
public:
  SignalGate() {
    sigemptyset(&Watched);
    add(SIGHUP);
    add(SIGTERM);
    sigprocmask(SIG_BLOCK, &Watched, &Before);
  }
  void wait() { sigsuspend(&Before); }

private:
  void add(int number) { sigaddset(&Watched, number); }
  sigset_t Watched;
  sigset_t Before;
};

} // namespace

int main() {
  SignalGate gate;
  std::signal(SIGHUP, onHangup);
  std::thread worker([] { setState("busy"); });
  gate.wait();
  setState("woken");
  worker.join();
}
