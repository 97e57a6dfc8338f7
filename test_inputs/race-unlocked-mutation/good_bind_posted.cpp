// needs: libboost-dev
// A method is posted to the loop with its arguments bound. The end of the binding, which
// owns a session, calls nothing.
#include <boost/asio.hpp>
#include <functional>
#include <memory>
#include <thread>

struct Session {
  int number = 0;
};

class Server {
public:
  void connect(std::shared_ptr<Session> session) { session->number = ++Count; }
  void create() {
    auto session = std::make_shared<Session>();
    service().post(std::bind(&Server::connect, this, session));
  }
  void run() { Service.run(); }

private:
  boost::asio::io_context &service() { return Service; }
  boost::asio::io_context Service;
  int Count = 0;
};

int main() {
  Server server;
  std::thread loop([&] { server.run(); });
  std::thread client([&] { server.create(); });
  client.join();
  loop.join();
}
