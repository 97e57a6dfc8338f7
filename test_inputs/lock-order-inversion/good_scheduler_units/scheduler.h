#pragma once
#include <deque>
#include <mutex>
#include <string>

class Monitor;

class Scheduler {
public:
  explicit Scheduler(Monitor &monitor) : Watch(monitor) {}
  void submit(std::string job);
  std::size_t backlog() const;

private:
  Monitor &Watch;
  mutable std::mutex Mutex;
  std::deque<std::string> Jobs;
};

class Monitor {
public:
  void watch(Scheduler &scheduler);
  void jobAdded(const std::string &job);
  void tick(); // never holds the lock while it asks the scheduler

private:
  std::mutex Mutex;
  Scheduler *Watched = nullptr;
  std::size_t Peak = 0;
  std::string Last;
};
