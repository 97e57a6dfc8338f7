// Indices are brought into ascending order first; a sweep locks all seats
// from the first to the last.
#include <array>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

struct Seat {
  std::mutex mutex;
  std::string guest;
};

class Plan {
public:
  void swapGuests(std::size_t a, std::size_t b) {
    if (a == b)
      return;
    if (a > b)
      std::swap(a, b);
    std::unique_lock<std::mutex> one(Seats[a].mutex);
    std::unique_lock<std::mutex> two(Seats[b].mutex);
    Seats[a].guest.swap(Seats[b].guest);
  }
  void clear() {
    for (std::size_t i = 0; i < Seats.size(); ++i)
      Seats[i].mutex.lock();
    for (Seat &seat : Seats)
      seat.guest.clear();
    for (std::size_t i = Seats.size(); i-- > 0;)
      Seats[i].mutex.unlock();
  }

private:
  std::array<Seat, 12> Seats;
};

int main() {
  Plan plan;
  std::jthread host([&] { plan.swapGuests(1, 7); });
  std::jthread waiter([&] { plan.swapGuests(7, 1); });
  plan.clear();
}
