// The second lock is taken inside a public method of the other object.
#include <cmath>
#include <mutex>
#include <thread>

class Body {
public:
  double distance(Body &other) {
    std::lock_guard<std::mutex> lock(Mutex);
    return std::fabs(X - other.x()); // expect: lock-same-class-order#distance // allow: lock-order-inversion, lock-self-deadlock
  }
  double x() {
    std::lock_guard<std::mutex> lock(Mutex); // expect: lock-same-class-order#distance // allow: lock-order-inversion, lock-self-deadlock
    return X;
  }
  void move(double by) {
    std::lock_guard<std::mutex> lock(Mutex);
    X += by;
  }

private:
  std::mutex Mutex;
  double X = 0;
};

int main() {
  Body sun, moon;
  std::jthread forward([&] { moon.move(sun.distance(moon)); });
  std::jthread back([&] { sun.move(moon.distance(sun)); });
}
