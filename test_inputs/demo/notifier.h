// Tells somebody about failed jobs by writing to a named pipe or a file.
#pragma once
#include <mutex>
#include <string>

class Notifier {
public:
  Notifier(std::string target, int retries) : Target(std::move(target)), Retries(retries) {}
  bool send(const std::string &text);
  int delivered() const;

private:
  bool tryOnce(const std::string &text) const;

  const std::string Target;
  const int Retries;
  mutable std::mutex Mutex;
  int Delivered = 0;
};
