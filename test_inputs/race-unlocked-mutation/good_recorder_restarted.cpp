// The old thread is joined and deleted before a new one is made.
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

class Recorder {
public:
  void restart(int size) {
    halt();
    Samples.clear();
    Size = size;
    Worker = std::make_unique<std::thread>(&Recorder::work, this);
  }
  void halt() {
    if (Worker) {
      Worker->join();
      Worker.reset();
    }
  }
  std::size_t count() {
    halt();
    return Samples.size();
  }

private:
  void work() {
    for (int i = 0; i < Size; ++i)
      Samples.push_back(i);
  }
  std::unique_ptr<std::thread> Worker;
  std::vector<int> Samples;
  int Size = 0;
};

int main() {
  Recorder recorder;
  recorder.restart(3);
  recorder.restart(4);
  return int(recorder.count());
}
