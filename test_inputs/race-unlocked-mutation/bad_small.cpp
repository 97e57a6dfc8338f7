#include <thread>

int served;

void serve() {
  for (int i = 0; i < 1000; ++i)
    ++served; // expect: race-unlocked-mutation
}

int main() { std::jthread one(serve), two(serve); }
