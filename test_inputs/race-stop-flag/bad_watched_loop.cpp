// needs: libboost-dev
// The handlers are called by the thread that runs the loop, but it is another thread
// that polls what they change.
#include <boost/asio.hpp>
#include <functional>
#include <thread>

class Reader {
public:
  void start() {
    Running = true;
    Service.post(std::bind(&Reader::poll, this));
    Thread = std::thread(std::bind(&Reader::run, this));
    Watcher = std::thread(std::bind(&Reader::watch, this));
  }
  void finish() {
    Thread.join();
    Watcher.join();
  }

private:
  void run() { Service.run(); }
  void watch() {
    while (Running) // expect: race-stop-flag
      ++Looks;
  }
  void poll() {
    if (++Polls < 100)
      Service.post(std::bind(&Reader::poll, this));
    else
      Running = false;
  }

  boost::asio::io_context Service;
  std::thread Thread, Watcher;
  int Polls = 0;
  long Looks = 0;
  bool Running = false;
};

Reader reader;

int main() {
  reader.start();
  reader.finish();
}
