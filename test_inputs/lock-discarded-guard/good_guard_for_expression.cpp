// A temporary guard that lives until the end of its full expression, where the
// work is done: that is what it is for.
#include <mutex>
#include <string>

class LockedString {
public:
  class Access {
  public:
    Access(std::mutex &mutex, std::string &text) : Lock(mutex), Text(text) {}
    std::string *operator->() { return &Text; }

  private:
    std::lock_guard<std::mutex> Lock;
    std::string &Text;
  };
  Access operator->() { return Access(Mutex, Text); }

private:
  std::mutex Mutex;
  std::string Text;
};

static std::mutex numbers;
static int counter;

static int bump(const std::lock_guard<std::mutex> &) { return ++counter; }

int main() {
  LockedString text;
  text->append("abc");
  int number = bump(std::lock_guard<std::mutex>(numbers));
  return static_cast<int>(text->size()) - number;
}
