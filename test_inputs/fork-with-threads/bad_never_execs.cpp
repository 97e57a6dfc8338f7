// A snapshot: the child goes on with the parent's code.
#include <atomic>
#include <cstdio>
#include <map>
#include <string>
#include <sys/types.h>
#include <thread>
#include <unistd.h>

class Store {
public:
  void set(const std::string &key, int value) { Values[key] = value; }
  pid_t save(const char *path) const {
    pid_t pid = fork(); // expect: fork-with-threads#save
    if (pid == 0) {
      write(path); // expect: fork-with-threads#save
      _exit(0);
    }
    return pid;
  }

private:
  void write(const char *path) const {
    std::FILE *file = std::fopen(path, "w"); // expect: fork-with-threads#save
    for (const auto &[key, value] : Values)
      std::fprintf(file, "%s %d\n", key.c_str(), value);
    std::fclose(file);
  }
  std::map<std::string, int> Values;
};

int main() {
  Store store;
  store.set("a", 1);
  std::atomic<long> sum{0};
  std::thread worker([&sum] {
    for (int i = 0; i < 1000; ++i)
      sum += i;
  });
  store.save("/tmp/store");
  worker.join();
}
