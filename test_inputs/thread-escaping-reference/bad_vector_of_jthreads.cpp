// flags: -std=c++20
#include <string>
#include <thread>
#include <vector>

void print(const std::string &text);

// The container outlives what its threads use.
int main() {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    std::string text = "one";
    threads.emplace_back([&] { print(text); }); // expect: thread-escaping-reference
  }
}
