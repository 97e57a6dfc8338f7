// needs: libboost-dev
// Each service has a loop, and a thread of its own runs it. What handlers of two
// services change is changed by two threads: whether a handler was posted, or belongs
// to a timer that got the loop, directly or through a pointer.
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
int retries;

class Receiver : private RunnableService {
public:
  void start() {
    startLoop();
    arrived();
  }
  void stop() { stopLoop(); }
  void arrived() {
    loop().post(std::bind(&Receiver::receive, this));
    Timer.async_wait([this](const boost::system::error_code &) { expired(); });
  }

private:
  void receive() { lastEvent = "received"; } // expect: race-unlocked-mutation
  void expired() {
    ++timeouts; // expect: race-unlocked-mutation
    ++retries;  // expect: race-unlocked-mutation
  }
  boost::asio::deadline_timer Timer{loop()};
};

class Sender : private RunnableService {
public:
  void start() {
    Timer = std::make_unique<boost::asio::deadline_timer>(loop());
    startLoop();
    send();
  }
  void stop() { stopLoop(); }
  void send() {
    loop().post(std::bind(&Sender::sent, this));
    Timer->async_wait([this](const boost::system::error_code &) { expired(); });
  }

private:
  void sent() {
    lastEvent = "sent";
    ++timeouts;
  }
  void expired() { ++retries; }
  std::unique_ptr<boost::asio::deadline_timer> Timer;
};

Receiver receiver;
Sender sender;

int main() {
  receiver.start();
  sender.start();
  sender.stop();
  receiver.stop();
}
