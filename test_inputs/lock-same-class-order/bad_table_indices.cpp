// A seating plan: two seats of an array are locked by indices that nobody
// compares.
#include <array>
#include <mutex>
#include <string>
#include <thread>

struct Seat {
  std::mutex mutex;
  std::string guest;
};

class Plan {
public:
  void swapGuests(std::size_t a, std::size_t b) {
    std::unique_lock<std::mutex> one(Seats[a].mutex);
    std::unique_lock<std::mutex> two(Seats[b].mutex); // expect: lock-same-class-order // allow: lock-order-inversion
    Seats[a].guest.swap(Seats[b].guest);
  }

private:
  std::array<Seat, 12> Seats;
};

int main() {
  Plan plan;
  std::jthread host([&] { plan.swapGuests(1, 7); });
  std::jthread waiter([&] { plan.swapGuests(7, 1); });
}
