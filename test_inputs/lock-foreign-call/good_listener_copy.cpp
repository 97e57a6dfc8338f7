// The list is copied under the mutex and called without it.
#include <functional>
#include <mutex>
#include <string>
#include <vector>

class Document {
public:
  using Listener = std::function<void(const std::string &)>;
  void listen(Listener listener) {
    std::lock_guard<std::mutex> lock(Mutex);
    Listeners.push_back(std::move(listener));
  }
  void insert(const std::string &text) {
    std::vector<Listener> listeners;
    std::string copy;
    {
      std::lock_guard<std::mutex> lock(Mutex);
      Text += text;
      copy = Text;
      listeners = Listeners;
    }
    for (const Listener &listener : listeners)
      listener(copy);
  }

private:
  std::mutex Mutex;
  std::string Text;
  std::vector<Listener> Listeners;
};
