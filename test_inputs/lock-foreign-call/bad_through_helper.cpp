// The callback is reached through a private helper that expects the lock.
#include <functional>
#include <mutex>

class Thermostat {
public:
  void onAlarm(std::function<void(double)> alarm) {
    std::lock_guard<std::mutex> lock(Mutex);
    Alarm = std::move(alarm);
  }
  void measure(double degrees) {
    std::lock_guard<std::mutex> lock(Mutex);
    Degrees = degrees;
    if (degrees > Limit)
      ring(); // expect: lock-foreign-call#ring
  }

private:
  void ring() {
    if (Alarm)
      Alarm(Degrees); // expect: lock-foreign-call#ring
  }
  std::mutex Mutex;
  std::function<void(double)> Alarm;
  double Degrees = 0, Limit = 30;
};
