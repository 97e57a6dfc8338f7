// The kind is an argument that goes down through two functions. The thread of the
// reader passes on an index, which the thread of the tables adds, too.
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

struct Event {
  unsigned char kind = 0;
  std::vector<int> body;
};

constexpr int kindTable = 7, kindIndex = 8, kindNote = 9;

class Store {
public:
  void addTable(int number) { Tables.push_back(number); }
  void addIndex(int number) { Indices.push_back(number); } // expect: race-unlocked-mutation
  void apply(int kind, const std::vector<int> &body);
  void applyOne(int kind, int number);

private:
  std::vector<int> Tables, Indices;
};

void Store::applyOne(int kind, int number) {
  if (kind == kindTable)
    addTable(number);
  if (kind == kindIndex)
    addIndex(number);
}

void Store::apply(int kind, const std::vector<int> &body) {
  for (int number : body)
    applyOne(kind, number);
}

class Service {
public:
  void receive(const Event &event) {
    switch (event.kind) {
    case kindTable:
    case kindNote: {
      std::lock_guard<std::mutex> guard(Lock);
      Waiting.push(event);
      return;
    }
    default:
      Data.apply(event.kind, event.body);
    }
  }
  void readLoop() {
    for (unsigned char i = 0; i < 200; ++i)
      receive(Event{i, {1, 2, 3}});
  }
  void tableLoop() {
    for (int i = 0; i < 200; ++i) {
      std::unique_lock<std::mutex> guard(Lock);
      if (Waiting.empty())
        continue;
      Event event = Waiting.front();
      Waiting.pop();
      guard.unlock();
      Data.apply(event.kind, event.body);
    }
  }

private:
  std::mutex Lock;
  std::queue<Event> Waiting;
  Store Data;
};

int main() {
  Service service;
  std::thread reader([&] { service.readLoop(); });
  std::thread tables([&] { service.tableLoop(); });
  reader.join();
  tables.join();
}
