// Settings by name, read from a file, watched by callbacks.
#include <charconv>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

class Settings {
public:
  using Value = std::variant<bool, long, std::string>;
  using Watcher = std::function<void(const std::string &, const Value &)>;

  bool load(const std::filesystem::path &path) {
    if (!std::filesystem::exists(path))
      return false;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
      if (const auto equals = line.find('='); equals != std::string::npos)
        set(line.substr(0, equals), parse(std::string_view(line).substr(equals + 1)));
    return true;
  }
  void set(const std::string &name, Value value) {
    std::vector<Watcher> called;
    {
      std::unique_lock lock(Guard);
      Values[name] = value;
      called = Watchers;
    }
    for (const auto &watcher : called)
      watcher(name, value);
  }
  template <typename Type> std::optional<Type> get(const std::string &name) const {
    std::shared_lock lock(Guard);
    const auto found = Values.find(name);
    if (found == Values.end())
      return std::nullopt;
    if (const auto *value = std::get_if<Type>(&found->second))
      return *value;
    return std::nullopt;
  }
  void watch(Watcher watcher) {
    std::unique_lock lock(Guard);
    Watchers.push_back(std::move(watcher));
  }

private:
  static Value parse(std::string_view text) {
    if (text == "yes" || text == "no")
      return text == "yes";
    long number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size())
      return number;
    return std::string(text);
  }
  mutable std::shared_mutex Guard;
  std::map<std::string, Value> Values;
  std::vector<Watcher> Watchers;
};

int main(int argc, char **argv) {
  Settings settings;
  settings.watch([](const std::string &name, const Settings::Value &value) {
    std::cout << name << " = ";
    std::visit([](const auto &v) { std::cout << v << '\n'; }, value);
  });
  return argc > 1 && settings.load(argv[1]) ? settings.get<long>("status").value_or(0) : 0;
}
