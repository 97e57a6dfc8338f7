// A guard that is moved away owns nothing more; a swapped one owns the other's
// lock; release() leaves the unlocking to the caller.
#include <mutex>
#include <utility>

class Vault {
public:
  std::unique_lock<std::mutex> open() {
    std::unique_lock<std::mutex> lock(Mutex);
    ++Opened;
    return lock;
  }
  void handOver() {
    std::unique_lock<std::mutex> mine(Mutex);
    std::unique_lock<std::mutex> theirs(std::move(mine));
    ++Opened;
    theirs.unlock();
  }
  void exchange() {
    std::unique_lock<std::mutex> empty, full(Mutex);
    empty.swap(full);
    ++Opened;
    empty.unlock();
  }
  void byHand() {
    std::unique_lock<std::mutex> lock(Mutex);
    std::mutex *mutex = lock.release();
    ++Opened;
    mutex->unlock();
  }
  void adopt() {
    Mutex.lock();
    std::lock_guard<std::mutex> lock(Mutex, std::adopt_lock);
    ++Opened;
  }

private:
  std::mutex Mutex;
  int Opened = 0;
};

int main() {
  Vault vault;
  {
    auto lock = vault.open();
    lock.unlock();
  }
  vault.handOver();
  vault.exchange();
  vault.byHand();
  vault.adopt();
}
