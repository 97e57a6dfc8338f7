// An early return, a `break` out of a scope and a throwing parser leave a
// joinable thread behind.
#include <stdexcept>
#include <string>
#include <thread>

static void warm() {}

static int parse(const std::string &text) {
  if (text.empty())
    throw std::invalid_argument("empty");
  return int(text.size());
}

bool load(int size) {
  std::thread helper(warm); // expect: thread-not-joined#load
  if (size == 0)
    return false; // expect: thread-not-joined#load
  helper.join();
  return true;
}

int loadText(const std::string &text) {
  std::thread helper(warm); // expect: thread-not-joined#text
  int size = parse(text); // expect: thread-not-joined#text
  helper.join();
  return size;
}

void loadAll(int count) {
  for (int i = 0; i < count; ++i) {
    std::thread helper([] { warm(); }); // expect: thread-not-joined#all
    if (i == 3)
      break; // expect: thread-not-joined#all
    helper.join();
  }
}
