// needs: libboost-dev
// Each reader has a loop of its own and a thread that runs it. What its handlers
// change, the thread itself reads between two runs of the loop.
#include <boost/asio.hpp>
#include <functional>
#include <thread>

class Reader {
public:
  void start() {
    Running = true;
    Service.post(std::bind(&Reader::poll, this));
    Thread = std::thread(std::bind(&Reader::run, this));
  }
  void finish() { Thread.join(); }

private:
  void run() {
    while (Running) {
      Service.run();
      Service.restart();
    }
  }
  void poll() {
    if (++Polls < 100)
      Service.post(std::bind(&Reader::poll, this));
    else
      Running = false;
  }

  boost::asio::io_context Service;
  std::thread Thread;
  int Polls = 0;
  bool Running = false;
};

Reader reader;

int main() {
  reader.start();
  reader.finish();
}
