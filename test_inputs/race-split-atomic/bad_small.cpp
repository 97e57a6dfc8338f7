#include <atomic>
#include <thread>

std::atomic<int> tickets;

void take() { tickets = tickets + 1; } // expect: race-split-atomic

int main() { std::jthread one(take), two(take); }
