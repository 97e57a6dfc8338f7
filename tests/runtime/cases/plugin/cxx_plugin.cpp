#include <string>

static std::string make(int n) { return std::string(static_cast<std::size_t>(n), 'x'); }
extern "C" int plugin_value(int n) {
  static const std::string value = make(n); // needs a guard
  return static_cast<int>(value.size());
}
