// The pointers are only read, which needs no lock; what they lead to has it.
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
  void drop() {
    if (!limits || !level)
      return;
    std::lock_guard<std::mutex> guard(mutex);
    limits->high = 0;
    *level = 0;
  }

private:
  std::mutex mutex;
  std::unique_ptr<Limits> limits PT_GUARDED_BY(mutex);
  int *level PT_GUARDED_BY(mutex);
};

void widen(Settings &settings) { settings.widen(); }
void drop(Settings &settings) { settings.drop(); }
