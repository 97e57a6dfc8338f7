#include "peer.h"

void Peer::gossip(Peer &other) {
  if (&other == this)
    return;
  std::lock_guard<std::mutex> lock(Mutex);
  for (int fact : other.known()) // expect: lock-same-class-order#gossip // allow: lock-order-inversion
    Known.push_back(fact);
}
