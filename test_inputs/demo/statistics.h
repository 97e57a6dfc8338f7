// Times and counts of finished jobs.
#pragma once
#include <mutex>
#include <string>

class Scheduler;

class Statistics {
public:
  /// Called by the scheduler for each job that has ended.
  void record(int job, double seconds);
  /// One line about the past and about what still waits.
  std::string report(const Scheduler &scheduler) const;

private:
  mutable std::mutex Mutex;
  int Jobs = 0;
  int Slowest = 0;
  double Seconds = 0;
  double SlowestSeconds = 0;
};
