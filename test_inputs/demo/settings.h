// Settings that may be read and changed while the server runs.
#pragma once
#include <map>
#include <mutex>
#include <string>

class Settings {
public:
  Settings();
  /// Takes a line `key=value`; complains about keys that are not known.
  void apply(const std::string &line);
  int number(const std::string &key) const;

private:
  void complain(const std::string &what) const;

  mutable std::mutex Mutex;
  std::map<std::string, int> Numbers;
};
