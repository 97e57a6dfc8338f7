#include "scheduler.h"
#include <thread>

int main() {
  Monitor monitor;
  Scheduler scheduler(monitor);
  monitor.watch(scheduler);
  std::jthread clock([&] {
    for (int i = 0; i < 100; ++i)
      monitor.tick();
  });
  for (int i = 0; i < 100; ++i)
    scheduler.submit("job " + std::to_string(i));
}
