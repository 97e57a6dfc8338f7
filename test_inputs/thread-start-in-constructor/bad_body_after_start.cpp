// Members that the constructor fills after the start, in its body and in a
// method that it calls.
#include <string>
#include <thread>
#include <vector>

class Indexer {
public:
  explicit Indexer(int count) {
    thread_ = std::thread([this] { index(); }); // expect: thread-start-in-constructor
    for (int i = 0; i < count; ++i)
      names_.push_back("name"); // allow: race-unlocked-mutation, race-inconsistent-guard
  }
  ~Indexer() { thread_.join(); }

private:
  void index() { found_ = int(names_.size()); } // allow: race-unlocked-mutation, race-inconsistent-guard
  std::vector<std::string> names_;
  int found_ = 0;
  std::thread thread_;
};

class Server {
public:
  Server() {
    thread_ = std::thread([this] { serve(); }); // expect: thread-start-in-constructor
    configure();
  }
  ~Server() { thread_.join(); }

private:
  void configure() { port_ = 80; } // allow: race-unlocked-mutation, race-inconsistent-guard
  void serve() { served_ = port_ + 1; } // allow: race-unlocked-mutation, race-inconsistent-guard
  int port_ = 0;
  int served_ = 0;
  std::thread thread_;
};

int main() {
  Indexer indexer(3);
  Server server;
}
