// Listeners of a document are called with its mutex held. Who they are, only
// the users of this class know.
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
    std::lock_guard<std::mutex> lock(Mutex);
    Text += text;
    for (const Listener &listener : Listeners)
      listener(Text); // expect: lock-foreign-call
  }

private:
  std::mutex Mutex;
  std::string Text;
  std::vector<Listener> Listeners;
};
