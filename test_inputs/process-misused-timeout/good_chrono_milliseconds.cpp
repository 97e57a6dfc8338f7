// Durations that were converted by their types.
#include <chrono>
#include <poll.h>
#include <unistd.h>

bool isReadable(int descriptor, std::chrono::milliseconds limit) {
  pollfd entry = {descriptor, POLLIN, 0};
  usleep(static_cast<useconds_t>(std::chrono::microseconds(limit).count()));
  return poll(&entry, 1, static_cast<int>(limit.count())) == 1;
}
