// The count of a duration in seconds goes to poll().
#include <chrono>
#include <poll.h>

bool isReadable(int descriptor, std::chrono::seconds limit) {
  pollfd entry = {descriptor, POLLIN, 0};
  return poll(&entry, 1, static_cast<int>(limit.count())) == 1; // expect: process-misused-timeout
}
