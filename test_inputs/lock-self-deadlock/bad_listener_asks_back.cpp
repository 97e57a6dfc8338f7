// The model tells its listeners with its lock held, and a listener asks the model.
// An entry's end unlinks it from the table that is being cleared.
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

class Model {
public:
  void connect(std::function<void(int)> listener) { Listeners.push_back(std::move(listener)); }
  void set(int value) {
    std::lock_guard<std::mutex> guard(Mutex); // expect: lock-self-deadlock#listener
    Value = value;
    for (auto &listener : Listeners)
      listener(value);
  }
  int get() {
    std::lock_guard<std::mutex> guard(Mutex); // expect: lock-self-deadlock#listener
    return Value;
  }

private:
  std::mutex Mutex;
  int Value = 0;
  std::vector<std::function<void(int)>> Listeners;
};

class View {
public:
  explicit View(Model &model) : Source(model) {
    Source.connect([this](int) { draw(); });
  }
  void draw() { Last = Source.get(); }
  int Last = 0;

private:
  Model &Source;
};

class Table;

class Entry {
public:
  explicit Entry(Table *table) : Owner(table) {}
  ~Entry();

private:
  Table *Owner;
};

class Table {
public:
  void add(int key) {
    auto entry = std::make_unique<Entry>(this);
    std::lock_guard<std::mutex> guard(Mutex);
    Entries.emplace(key, std::move(entry));
  }
  void remove(int key) {
    std::lock_guard<std::mutex> guard(Mutex); // expect: lock-self-deadlock#entry
    Entries.erase(key);
  }
  void gone() {
    std::lock_guard<std::mutex> guard(Mutex); // expect: lock-self-deadlock#entry
    ++Gone;
  }

private:
  std::mutex Mutex;
  std::map<int, std::unique_ptr<Entry>> Entries;
  int Gone = 0;
};

Entry::~Entry() { Owner->gone(); }

int main() {
  Model model;
  View view(model);
  std::thread writer([&] { model.set(3); });
  writer.join();
  Table table;
  table.add(1);
  table.remove(1);
  return view.Last;
}
