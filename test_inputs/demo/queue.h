// Jobs that wait for a worker.
#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

struct Job {
  int number = 0;
  std::string command;
};

class Queue {
public:
  void push(Job job);
  /// Waits for a job; nothing when the queue is closed and empty.
  std::optional<Job> pop();
  void close();

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  std::deque<Job> Jobs;
  bool Closed = false;
};
