// The same, with the start at the end; and a thread that never sees the object.
#include <string>
#include <thread>
#include <vector>

class Indexer {
public:
  explicit Indexer(int count) {
    for (int i = 0; i < count; ++i)
      names_.push_back("name");
    thread_ = std::thread([this] { index(); });
  }
  ~Indexer() { thread_.join(); }

private:
  void index() { found_ = int(names_.size()); }
  std::vector<std::string> names_;
  int found_ = 0;
  std::thread thread_;
};

class Server {
public:
  explicit Server(int port) {
    thread_ = std::thread([port] { (void)port; });
    port_ = port;
  }
  ~Server() { thread_.join(); }
  int port() const { return port_; }

private:
  int port_ = 0;
  std::thread thread_;
};

int main() {
  Indexer indexer(3);
  Server server(80);
  return server.port() - 80;
}
