// jobserver [FILE]: runs each line of the file as a command; a line that starts
// with `!` changes a setting. Without a file it runs a few commands of its own.
#include "journal.h"
#include "notifier.h"
#include "pool.h"
#include "scheduler.h"
#include "settings.h"
#include "statistics.h"
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

namespace {

/// Prints a report each second until it is destroyed.
class Reporter {
public:
  Reporter(const Statistics &statistics, const Scheduler &scheduler)
      : Thread([this, &statistics, &scheduler] { loop(statistics, scheduler); }) {}
  ~Reporter() {
    {
      std::lock_guard<std::mutex> lock(Mutex);
      Done = true;
    }
    Changed.notify_one();
    Thread.join();
  }

private:
  void loop(const Statistics &statistics, const Scheduler &scheduler) {
    std::unique_lock<std::mutex> lock(Mutex);
    while (!Changed.wait_for(lock, std::chrono::seconds(1), [this] { return Done; })) {
      lock.unlock();
      std::puts(statistics.report(scheduler).c_str());
      lock.lock();
    }
  }

  std::mutex Mutex;
  std::condition_variable Changed;
  bool Done = false;
  std::thread Thread;
};

void printLine(const char *line, void *) { std::puts(line); }

} // namespace

int main(int argc, char **argv) {
  Settings settings;
  std::unique_ptr<journal, void (*)(journal *)> output(journal_open(), journal_close);
  if (!output)
    return 1;

  std::stringstream builtin("echo one\necho two\nuname\n!workers=2\nfalse\ntrue\n");
  std::ifstream file;
  if (argc > 1)
    file.open(argv[1]);
  std::istream &input = argc > 1 ? static_cast<std::istream &>(file) : builtin;

  Statistics statistics;
  Scheduler scheduler(statistics);
  for (std::string line; std::getline(input, line);) {
    if (line.starts_with('!'))
      settings.apply(line.substr(1));
    else if (!line.empty())
      scheduler.submit(line);
  }

  Notifier notifier("/dev/null", settings.number("retries"));
  Pool pool(scheduler, output.get(), notifier, settings.number("workers"));
  {
    Reporter reporter(statistics, scheduler);
    scheduler.close();
    pool.join();
  }
  journal_each(output.get(), printLine, nullptr);
  std::printf("%s; %d failed, %d reported\n", statistics.report(scheduler).c_str(), pool.failed(),
              notifier.delivered());
}
