// unique_lock::release() gives up the guard, not the lock; the function then
// returns without unlocking on one of its paths.
#include <mutex>
#include <vector>

class Batch {
public:
  bool flush(std::vector<int> &out) {
    std::unique_lock<std::mutex> lock(Mutex); // expect: lock-not-released#flush
    std::mutex *raw = lock.release();         // expect: lock-not-released#flush
    if (Items.empty())
      return false; // expect: lock-not-released#flush
    out.swap(Items);
    raw->unlock();
    return true;
  }

private:
  std::mutex Mutex;
  std::vector<int> Items;
};

int main() {
  Batch batch;
  std::vector<int> out;
  return batch.flush(out);
}
