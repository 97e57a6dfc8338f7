// The workers.
#pragma once
#include "journal.h"
#include "notifier.h"
#include "scheduler.h"
#include <thread>
#include <vector>

class Pool {
public:
  Pool(Scheduler &scheduler, journal *output, Notifier &notifier, int workers);
  /// Waits until the scheduler is closed and every job is done.
  void join();
  /// After join().
  int failed() const { return Failed; }

private:
  void work();
  void run(const Job &job);

  Scheduler &Source;
  journal *Output;
  Notifier &Alarm;
  int Failed = 0;
  std::vector<std::thread> Workers;
};
