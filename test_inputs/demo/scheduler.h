// Hands out jobs and keeps account of those that are not finished.
#pragma once
#include "queue.h"
#include <map>
#include <mutex>
#include <string>

class Statistics;

class Scheduler {
public:
  explicit Scheduler(Statistics &statistics) : Account(statistics) {}
  /// Returns the number of the job.
  int submit(std::string command);
  /// The next job for a worker; nothing when there will be none.
  std::optional<Job> next() { return Waiting.pop(); }
  void finish(const Job &job, double seconds);
  std::size_t unfinished() const;
  void close() { Waiting.close(); }

private:
  Statistics &Account;
  Queue Waiting;
  mutable std::mutex Mutex;
  std::map<int, std::string> Unfinished;
  int Submitted = 0;
};
