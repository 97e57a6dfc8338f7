#include "scheduler.h"
#include "statistics.h"
#include <utility>

int Scheduler::submit(std::string command) {
  int number;
  {
    std::lock_guard<std::mutex> lock(Mutex);
    number = ++Submitted;
    Unfinished[number] = command;
  }
  Waiting.push({number, std::move(command)});
  return number;
}

void Scheduler::finish(const Job &job, double seconds) {
  std::lock_guard<std::mutex> lock(Mutex);
  Unfinished.erase(job.number);
  Account.record(job.number, seconds);
}

std::size_t Scheduler::unfinished() const {
  std::lock_guard<std::mutex> lock(Mutex);
  return Unfinished.size();
}
