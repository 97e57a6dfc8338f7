#include "settings.h"
#include <cstdio>
#include <cstdlib>

Settings::Settings() : Numbers{{"workers", 3}, {"verbose", 1}, {"retries", 2}} {}

void Settings::apply(const std::string &line) {
  std::lock_guard<std::mutex> lock(Mutex);
  const std::size_t equals = line.find('=');
  const auto setting = Numbers.find(line.substr(0, equals));
  if (equals == std::string::npos || setting == Numbers.end()) {
    complain("no such setting: " + line);
    return;
  }
  setting->second = std::atoi(line.c_str() + equals + 1);
}

int Settings::number(const std::string &key) const {
  std::lock_guard<std::mutex> lock(Mutex);
  const auto setting = Numbers.find(key);
  return setting == Numbers.end() ? 0 : setting->second;
}

void Settings::complain(const std::string &what) const {
  if (number("verbose") > 0)
    std::fprintf(stderr, "settings: %s\n", what.c_str());
}
