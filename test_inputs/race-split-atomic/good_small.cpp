#include <atomic>
#include <thread>

std::atomic<int> tickets;

void take() { tickets.fetch_add(1); }

int main() { std::jthread one(take), two(take); }
