// A helper starts the thread; the constructor goes on afterwards. A second class
// hands its object to a free function that starts the thread.
#include <memory>
#include <pthread.h>
#include <thread>

class Scanner {
public:
  Scanner() {
    launch(); // expect: thread-start-in-constructor#scanner
    table_ = std::make_unique<int[]>(16); // allow: race-unlocked-mutation, race-inconsistent-guard
  }
  ~Scanner() { thread_.join(); }

private:
  void launch() { thread_ = std::thread(&Scanner::scan, this); } // expect: thread-start-in-constructor#scanner
  void scan() {
    if (table_) // allow: race-unlocked-mutation, race-inconsistent-guard
      table_[0] = 1;
  }
  std::unique_ptr<int[]> table_;
  std::thread thread_;
};

class Sensor;
static void *readSensor(void *argument);
static int begin(pthread_t *thread, Sensor *sensor) {
  return pthread_create(thread, nullptr, readSensor, sensor); // expect: thread-start-in-constructor#sensor
}

class Sensor {
public:
  Sensor() {
    begin(&thread_, this); // expect: thread-start-in-constructor#sensor
    scale_ = 2; // allow: race-unlocked-mutation, race-inconsistent-guard
  }
  ~Sensor() { pthread_join(thread_, nullptr); }
  int scale() const { return scale_; } // allow: race-unlocked-mutation, race-inconsistent-guard

private:
  pthread_t thread_;
  int scale_ = 1;
};

static void *readSensor(void *argument) { return static_cast<Sensor *>(argument)->scale() ? argument : nullptr; }

int main() {
  Scanner scanner;
  Sensor sensor;
}
