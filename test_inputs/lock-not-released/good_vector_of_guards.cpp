// A vector keeps a guard for each shard, and all of them die with it.
#include <mutex>
#include <vector>

struct Shard {
  std::mutex mutex;
  int value = 0;
};

class Shards {
public:
  Shards() : shards_(8) {}
  void clear() {
    std::vector<std::unique_lock<std::mutex>> guards;
    for (Shard &shard : shards_)
      guards.emplace_back(shard.mutex);
    for (Shard &shard : shards_)
      shard.value = 0;
  }
  int sum() {
    int total = 0;
    for (Shard &shard : shards_)
      shard.mutex.lock();
    for (Shard &shard : shards_)
      total += shard.value;
    for (Shard &shard : shards_)
      shard.mutex.unlock();
    return total;
  }

private:
  std::vector<Shard> shards_;
};

int main() {
  Shards shards;
  shards.clear();
  return shards.sum();
}
