// Each call makes a mutex of its own: it keeps nobody out.
#include <mutex>
#include <thread>
#include <vector>
int counter;
void work() { for (int i = 0; i < 1000; ++i) { std::mutex m; std::lock_guard<std::mutex> g(m); ++counter; } } // expect: race-unlocked-mutation
int main() { std::vector<std::thread> ts; for (int i = 0; i < 4; ++i) ts.emplace_back(work); for (auto &t : ts) t.join(); }
