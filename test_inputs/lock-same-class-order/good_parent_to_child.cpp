// A tree that owns its children: locks go from the parent to the child that
// it owns, so they can never come round.
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

class Node {
public:
  Node *addChild() {
    std::lock_guard<std::mutex> lock(Mutex);
    Children.push_back(std::make_unique<Node>());
    return Children.back().get();
  }
  int weigh() {
    std::lock_guard<std::mutex> lock(Mutex);
    int sum = Weight;
    for (auto &child : Children)
      sum += child->weigh();
    return sum;
  }

private:
  std::mutex Mutex;
  std::vector<std::unique_ptr<Node>> Children;
  int Weight = 1;
};

int main() {
  Node root;
  std::jthread grower([&] { root.addChild(); });
  return root.weigh() > 2;
}
