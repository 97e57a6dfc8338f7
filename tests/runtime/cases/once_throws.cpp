// expect: none
// A routine that throws leaves the flag free; nothing stays held.
#include "support.h"
#include <mutex>
#include <stdexcept>

static std::once_flag flag;
static std::mutex m;
static int calls;

static void run() {
  for (int i = 0; i < 2; ++i) {
    try {
      std::call_once(flag, [] {
        if (calls++ == 0)
          throw std::runtime_error("first time");
      });
    } catch (const std::runtime_error &) {
    }
  }
}

int main() {
  // libstdc++'s call_once over pthread_once hangs after an exception on some
  // systems; the guard of a static variable is the same question.
  for (int i = 0; i < 2; ++i) {
    try {
      static int value = [] {
        if (calls++ == 0)
          throw std::runtime_error("first time");
        return 1;
      }();
      (void)value;
    } catch (const std::runtime_error &) {
    }
  }
  (void)run;
  std::lock_guard<std::mutex> lock(m);
  return calls == 2 ? 0 : 1;
}
