// needs: libboost-dev
// A connection that one thread serves changes what another thread works with. Both are
// started by main, and the connection's handler by the handler that accepts it.
#include <boost/asio.hpp>
#include <functional>
#include <memory>
#include <thread>

static int limit = 100;

class Connection : public std::enable_shared_from_this<Connection> {
public:
  explicit Connection(std::shared_ptr<boost::asio::ip::tcp::socket> socket) : Socket(std::move(socket)) {}
  void receive() {
    boost::asio::async_read(*Socket, boost::asio::buffer(Request), boost::asio::transfer_all(),
                            std::bind(&Connection::handle, shared_from_this(), std::placeholders::_1));
  }

private:
  void handle(const boost::system::error_code &error) {
    if (error)
      return;
    limit = Request[0]; // expect: race-unlocked-mutation
    receive();
  }

  std::shared_ptr<boost::asio::ip::tcp::socket> Socket;
  char Request[16] = {};
};

class Console {
public:
  void start() {
    Thread = std::thread(std::bind(&Console::run, this));
    accept();
  }
  void stop() {
    Service.stop();
    Thread.join();
  }

private:
  void run() { Service.run(); }
  void accept() {
    auto socket = std::make_shared<boost::asio::ip::tcp::socket>(Service);
    Acceptor.async_accept(*socket, std::bind(&Console::accepted, this, std::placeholders::_1, socket));
  }
  void accepted(const boost::system::error_code &error, std::shared_ptr<boost::asio::ip::tcp::socket> socket) {
    if (error)
      return;
    std::make_shared<Connection>(socket)->receive();
    accept();
  }

  boost::asio::io_context Service;
  boost::asio::ip::tcp::acceptor Acceptor{Service};
  std::thread Thread;
};

static void work(int tunnels) {
  for (int round = 0; round < 10; ++round)
    if (tunnels < limit)
      ++tunnels;
}

int main() {
  Console console;
  console.start();
  std::thread worker(work, 1);
  worker.join();
  console.stop();
}
