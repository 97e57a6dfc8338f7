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

// The bodies of loops and tasks run on several threads at a time.
static int hits, sum, result;

void count(int i) {
  if (i % 3 == 0)
    ++hits; // expect: race-unlocked-mutation
}

void add(const tbb::blocked_range<int> &range) {
  for (int i = range.begin(); i != range.end(); ++i)
    sum += i; // expect: race-unlocked-mutation
}

void set() { result = 1; }

int main() {
  tbb::parallel_for(0, 100, count);
  tbb::parallel_for(tbb::blocked_range<int>(0, 100), add);
  tbb::task_group tasks;
  tasks.run(set);
  result += 2; // expect: race-unlocked-mutation
  tasks.wait();
  return hits + sum + result;
}
