// What a pointer leads to is declared to be guarded, and written without the lock.
#include <memory>
#include <mutex>

#define PT_GUARDED_BY(lock) __attribute__((pt_guarded_by(lock)))

struct Limits {
  int low = 0, high = 0;
};

class Settings {
public:
  Settings() : limits(std::make_unique<Limits>()), level(new int(0)) {}
  ~Settings() { delete level; }
  void widen() {
    std::lock_guard<std::mutex> guard(mutex);
    limits->high += 1;
    *level += 1;
  }
  void narrow() {
    limits->high -= 1; // expect: race-inconsistent-guard
  }
  void drop() {
    *level = 0; // expect: race-inconsistent-guard
  }

private:
  std::mutex mutex;
  std::unique_ptr<Limits> limits PT_GUARDED_BY(mutex);
  int *level PT_GUARDED_BY(mutex);
};

void widen(Settings &settings) { settings.widen(); }
void narrow(Settings &settings) { settings.narrow(); }
void drop(Settings &settings) { settings.drop(); }
