// As oneTBB declares them.
namespace tbb {
namespace detail {
namespace d1 {
template <class Value> struct blocked_range {
  blocked_range(Value begin, Value end);
  Value begin() const;
  Value end() const;
};
template <class Range, class Body> void parallel_for(const Range &range, const Body &body);
template <class Index, class Body> void parallel_for(Index first, Index last, const Body &body);
template <class Mutex> struct unique_scoped_lock {
  unique_scoped_lock();
  unique_scoped_lock(Mutex &mutex);
  ~unique_scoped_lock();
  void acquire(Mutex &mutex);
  void release();
};
struct spin_mutex {
  using scoped_lock = unique_scoped_lock<spin_mutex>;
};
struct task_group {
  template <class Body> void run(Body &&body);
  void wait();
};
} // namespace d1
} // namespace detail
using detail::d1::blocked_range;
using detail::d1::parallel_for;
using detail::d1::spin_mutex;
using detail::d1::task_group;
} // namespace tbb

// Elements of its own, a lock at every access, tasks that are waited for.
static tbb::spin_mutex lock;
static int values[100], hits, sum, first, second;

void count(int i) {
  values[i] = i;
  tbb::spin_mutex::scoped_lock guard(lock);
  ++hits;
}

void add(const tbb::blocked_range<int> &range) {
  for (int i = range.begin(); i != range.end(); ++i) {
    tbb::spin_mutex::scoped_lock guard;
    guard.acquire(lock);
    sum += values[i];
    guard.release();
  }
}

void one() { first = 1; }
void two() { second = 2; }

int main() {
  tbb::parallel_for(0, 100, count);
  tbb::parallel_for(tbb::blocked_range<int>(0, 100), add);
  tbb::task_group tasks;
  tasks.run(one);
  tasks.run(two);
  tasks.wait();
  first += second;
  return hits + sum + first;
}
