#include <atomic>
#include <thread>

std::atomic<int> served;

void serve() {
  for (int i = 0; i < 1000; ++i)
    ++served;
}

int main() { std::jthread one(serve), two(serve); }
