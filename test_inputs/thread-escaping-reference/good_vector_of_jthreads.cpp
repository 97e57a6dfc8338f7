// flags: -std=c++20
#include <string>
#include <thread>
#include <vector>

void print(const std::string &text);

// The threads are joined when the container goes, before what they use.
int main() {
  std::string text = "all";
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] { print(text); });
}
