// What the thread has written is handed over by a promise: the starter looks at it
// only after it has waited for the future.
#include <future>
#include <string>
#include <thread>

struct Report {
  int lines = 0;
  std::string text;
};

int main() {
  Report report;
  std::promise<void> done;
  auto finished = done.get_future();
  std::thread writer([&] {
    report.lines = 1;
    report.text = "first";
    done.set_value();
  });
  finished.wait();
  report.lines++;
  report.text += "second";
  writer.join();
  return report.lines;
}
