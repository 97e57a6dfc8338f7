// The twin of a daemon that blocks signals for good: here they are blocked only
// while the threads start, and the main thread goes on with them.
#include <csignal>
#include <mutex>
#include <string>
#include <thread>

namespace {

std::mutex stateMutex;
std::string state = "idle";

void setState(const char *text) {
  std::lock_guard<std::mutex> lock(stateMutex); // expect: lock-in-signal-handler#state
  state = text;
}

void onHangup(int) { setState("reload"); }

} // namespace

int main() {
  sigset_t watched, before;
  sigemptyset(&watched);
  sigaddset(&watched, SIGHUP);
  sigprocmask(SIG_BLOCK, &watched, &before);
  std::signal(SIGHUP, onHangup);
  std::thread worker([] { setState("busy"); });
  sigprocmask(SIG_SETMASK, &before, nullptr);
  setState("woken");
  worker.join();
}
