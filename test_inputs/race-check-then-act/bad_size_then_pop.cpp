// Two threads take elements as long as there are any: in between another one takes the last.
#include <mutex>
#include <thread>
#include <vector>
class Stack {
  mutable std::mutex m;
  std::vector<int> v;
  int count = 0;

public:
  void push(int x) {
    std::lock_guard<std::mutex> g(m);
    v.push_back(x);
    ++count;
  }
  int size() const {
    std::lock_guard<std::mutex> g(m);
    return count;
  }
  int pop() {
    std::lock_guard<std::mutex> g(m);
    --count; // expect: race-check-then-act
    int x = v.back();
    v.pop_back();
    return x;
  }
};
Stack s;
void drain() {
  while (s.size() > 0)
    s.pop();
}
int main() {
  for (int i = 0; i < 100; ++i)
    s.push(i);
  std::thread a(drain), b(drain);
  a.join();
  b.join();
}
