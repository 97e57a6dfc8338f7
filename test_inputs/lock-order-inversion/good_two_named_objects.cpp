// Two objects of one class, each with a name, nested in one order by everybody.
#include <mutex>
#include <thread>

struct Shelf {
  std::mutex mutex;
  int books = 0;
};

Shelf left, right;

void toTheRight() {
  std::lock_guard<std::mutex> from(left.mutex);
  std::lock_guard<std::mutex> to(right.mutex);
  --left.books, ++right.books;
}

void toTheLeft() {
  std::lock_guard<std::mutex> to(left.mutex);
  std::lock_guard<std::mutex> from(right.mutex);
  --right.books, ++left.books;
}

int main() {
  std::thread first(toTheRight), second(toTheLeft);
  first.join();
  second.join();
}
