// A deferred task runs on the thread that asks for its result.
#include <future>
#include <string>

int main() {
  std::string text = "a";
  auto later = std::async(std::launch::deferred, [&text] { text += "b"; });
  text += "c";
  later.get();
  return int(text.size());
}
