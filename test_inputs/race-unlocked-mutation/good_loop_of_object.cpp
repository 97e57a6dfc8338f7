// needs: libboost-dev
// The service's own thread runs its loop: all handlers of one service are called by it,
// those that another class posts there, too. Several services of the class may be
// started, which says nothing of any one of them.
#include <boost/asio.hpp>
#include <boost/asio/deadline_timer.hpp>
#include <functional>
#include <memory>
#include <string>
#include <thread>

class RunnableService {
protected:
  boost::asio::io_context &loop() { return Loop; }
  void startLoop() { Thread = std::make_unique<std::thread>(std::bind(&RunnableService::run, this)); }
  void stopLoop() {
    Loop.stop();
    Thread->join();
  }

private:
  void run() { Loop.run(); }
  boost::asio::io_context Loop;
  std::unique_ptr<std::thread> Thread;
};

std::string lastEvent;
int timeouts;

class Receiver : private RunnableService {
public:
  void start() { startLoop(); }
  void stop() { stopLoop(); }
  boost::asio::io_context &service() { return loop(); }
  void arrived() {
    loop().post(std::bind(&Receiver::receive, this));
    Timer.async_wait([this](const boost::system::error_code &) { expired(); });
  }

private:
  void receive() { lastEvent = "received"; }
  void expired() {
    ++timeouts;
    lastEvent = "expired";
  }
  boost::asio::deadline_timer Timer{loop()};
};

class Session {
public:
  explicit Session(Receiver &receiver) : Server(receiver) {}
  void finish() {
    Server.service().post([this] { finished(); });
  }

private:
  void finished() {
    ++timeouts;
    lastEvent = "finished";
  }
  Receiver &Server;
};

class Idle : private RunnableService {
public:
  void start() { startLoop(); }
  void stop() { stopLoop(); }
};

Receiver receiver;
Idle idle;

int main() {
  Session session(receiver);
  idle.start();
  receiver.start();
  receiver.arrived();
  session.finish();
  receiver.stop();
  idle.stop();
}
