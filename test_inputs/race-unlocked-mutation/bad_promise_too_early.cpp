// The thread goes on writing after it has said that it is done.
#include <future>
#include <string>
#include <thread>

struct Report {
  int lines = 0;
};

int main() {
  Report report;
  std::promise<void> done;
  auto finished = done.get_future();
  std::thread writer([&] {
    done.set_value();
    report.lines = 1;
  });
  finished.wait();
  report.lines++; // expect: race-unlocked-mutation
  writer.join();
  return report.lines;
}
