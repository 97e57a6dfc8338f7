// Looks like a guard of the member, but declares a new variable of that name
// that owns nothing.
#include <mutex>
#include <shared_mutex>

class Sensor {
public:
  void store(int value) {
    std::unique_lock<std::mutex>(Mutex); // expect: lock-discarded-guard
    Value = value;                       // allow: race-inconsistent-guard
  }
  int load() {
    std::lock_guard<std::mutex> lock(Mutex);
    return Value;
  }
  int limit() {
    std::shared_lock<std::shared_mutex>(LimitMutex); // expect: lock-discarded-guard
    return Limit;                                    // allow: race-inconsistent-guard
  }
  void setLimit(int limit) {
    std::unique_lock<std::shared_mutex> lock(LimitMutex);
    Limit = limit;
  }

private:
  std::mutex Mutex;
  std::shared_mutex LimitMutex;
  int Value = 0, Limit = 0;
};

int main() {
  Sensor sensor;
  sensor.store(1);
  sensor.setLimit(3);
  return sensor.load() + sensor.limit();
}
