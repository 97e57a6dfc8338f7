#include "pool.h"
#include "process.h"
#include <array>
#include <chrono>

Pool::Pool(Scheduler &scheduler, journal *output, Notifier &notifier, int workers)
    : Source(scheduler), Output(output), Alarm(notifier) {
  for (int i = 0; i < workers; ++i)
    Workers.emplace_back([this] { work(); });
}

void Pool::join() {
  for (std::thread &worker : Workers)
    worker.join();
  Workers.clear();
}

void Pool::work() {
  while (std::optional<Job> job = Source.next())
    run(*job);
}

void Pool::run(const Job &job) {
  std::array<char, 200> output;
  const auto start = std::chrono::steady_clock::now();
  const int status = process_run(job.command.c_str(), output.data(), output.size());
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (status != 0) {
    ++Failed;
    Alarm.send("job " + std::to_string(job.number) + " failed: " + job.command);
  }
  journal_append(Output, job.number, output.data());
  Source.finish(job, seconds.count());
}
