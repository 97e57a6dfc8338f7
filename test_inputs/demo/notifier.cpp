#include "notifier.h"
#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>

using namespace std::chrono_literals;

bool Notifier::send(const std::string &text) {
  std::lock_guard<std::mutex> lock(Mutex);
  for (int attempt = 0; attempt <= Retries; ++attempt) {
    if (tryOnce(text)) {
      ++Delivered;
      return true;
    }
    std::this_thread::sleep_for(250ms);
  }
  return false;
}

int Notifier::delivered() const {
  std::lock_guard<std::mutex> lock(Mutex);
  return Delivered;
}

bool Notifier::tryOnce(const std::string &text) const {
  std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(std::fopen(Target.c_str(), "a"), std::fclose);
  return file && std::fprintf(file.get(), "%s\n", text.c_str()) > 0;
}
