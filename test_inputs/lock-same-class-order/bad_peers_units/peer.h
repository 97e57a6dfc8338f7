#pragma once
#include <mutex>
#include <vector>

class Peer {
public:
  void gossip(Peer &other);
  std::vector<int> known();

private:
  std::mutex Mutex;
  std::vector<int> Known;
};
