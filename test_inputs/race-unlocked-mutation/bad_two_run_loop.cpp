// needs: libboost-dev
// Two threads run one loop, so its handler may run beside what the second one does
// after it has come back from the loop.
#include <boost/asio.hpp>
#include <functional>
#include <thread>

class Reader {
public:
  void start() {
    Service.post(std::bind(&Reader::poll, this));
    First = std::thread(std::bind(&Reader::run, this));
    Second = std::thread(std::bind(&Reader::runOnce, this));
  }
  void finish() {
    First.join();
    Second.join();
  }

private:
  void run() { Service.run(); }
  void runOnce() {
    Service.run_one();
    Polls = 1000;
  }
  void poll() {
    if (++Polls < 100) // expect: race-unlocked-mutation
      Service.post(std::bind(&Reader::poll, this));
  }

  boost::asio::io_context Service;
  std::thread First, Second;
  int Polls = 0;
};

Reader reader;

int main() {
  reader.start();
  reader.finish();
}
