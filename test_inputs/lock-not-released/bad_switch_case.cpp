// A state machine that locks by hand; one case returns.
#include <mutex>

enum class State { Idle, Running, Failed };

class Machine {
public:
  int step() {
    Mutex.lock(); // expect: lock-not-released#step
    switch (Current) {
    case State::Idle:
      Current = State::Running;
      break;
    case State::Running:
      ++Steps;
      break;
    case State::Failed:
      return -1; // expect: lock-not-released#step
    }
    int steps = Steps;
    Mutex.unlock();
    return steps;
  }

private:
  std::mutex Mutex;
  State Current = State::Idle;
  int Steps = 0;
};

int main() {
  Machine machine;
  return machine.step();
}
