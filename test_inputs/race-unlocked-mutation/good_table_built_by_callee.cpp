// The table is built on first use, by a function that does not ask itself; main decodes
// something before it starts threads.
#include <string>
#include <thread>

static unsigned char table[256];
static bool isFirstTime = true;

static void buildTable() {
  for (int i = 0; i < 26; ++i)
    table['a' + i] = static_cast<unsigned char>(i);
  isFirstTime = false;
}

static int decode(const std::string &text) {
  if (isFirstTime)
    buildTable();
  int sum = 0;
  for (unsigned char letter : text)
    sum = sum * 26 + table[letter];
  return sum;
}

struct Router {
  int identity = 0;
  bool load(const std::string &text) {
    identity = decode(text);
    return identity != 0;
  }
};

int main(int argc, char **argv) {
  Router router;
  if (!router.load(argv[0]))
    return 1;
  std::thread one([] { decode("some"); }), two([] { decode("other"); });
  one.join();
  two.join();
  return argc;
}
