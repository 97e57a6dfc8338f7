#include "peer.h"
#include <thread>

std::vector<int> Peer::known() {
  std::lock_guard<std::mutex> lock(Mutex); // expect: lock-same-class-order#gossip // allow: lock-order-inversion
  return Known;
}

int main() {
  Peer ann, bob;
  std::jthread one([&] { ann.gossip(bob); });
  std::jthread two([&] { bob.gossip(ann); });
}
