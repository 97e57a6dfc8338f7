// Primes by range, each range its own asynchronous task.
#include <algorithm>
#include <cmath>
#include <future>
#include <iostream>
#include <iterator>
#include <numeric>
#include <string>
#include <vector>

static std::vector<unsigned> primesBetween(unsigned low, unsigned high) {
  std::vector<unsigned> found;
  for (unsigned number = std::max(low, 2u); number < high; ++number) {
    const auto root = static_cast<unsigned>(std::sqrt(number));
    bool prime = true;
    for (unsigned divisor = 2; divisor <= root && prime; ++divisor)
      prime = number % divisor != 0;
    if (prime)
      found.push_back(number);
  }
  return found;
}

int main(int argc, char **argv) {
  const unsigned limit = argc > 1 ? std::stoul(argv[1]) : 10000;
  const unsigned parts = 8;
  std::vector<std::future<std::vector<unsigned>>> tasks;
  for (unsigned part = 0; part < parts; ++part)
    tasks.push_back(std::async(std::launch::async, primesBetween, limit / parts * part, limit / parts * (part + 1)));
  std::vector<unsigned> all;
  for (auto &task : tasks) {
    auto some = task.get();
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  std::sort(all.begin(), all.end());
  const auto sum = std::accumulate(all.begin(), all.end(), 0ull);
  std::cout << all.size() << " primes, sum " << sum << '\n';
}
