// The other object is asked before this one is locked.
#include <cmath>
#include <mutex>
#include <thread>

class Body {
public:
  double distance(Body &other) {
    double theirs = other.x();
    std::lock_guard<std::mutex> lock(Mutex);
    return std::fabs(X - theirs);
  }
  double x() {
    std::lock_guard<std::mutex> lock(Mutex);
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
