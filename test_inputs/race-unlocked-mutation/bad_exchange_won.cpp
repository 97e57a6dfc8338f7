// Who exchanges an atomic and does not look, who has lost, and who has given it back is not alone.
#include <atomic>
#include <cstdio>
#include <thread>

static std::atomic<bool> Tried{false}, Lost{false}, Given{false}, Read{false};
static std::atomic<int> Users{0}, State{0};
static int Unseen, Losers, After, Beside, Opened, Brought;

static void neverLooks(int number) {
  Tried.exchange(true);
  Unseen = number; // expect: race-unlocked-mutation
}

static void loses(int number) {
  if (Lost.exchange(true))
    Losers += number; // expect: race-unlocked-mutation
}

static void givesBack(int number) {
  if (!Given.exchange(true)) {
    Given = false;
    After = number; // expect: race-unlocked-mutation
  }
}

static void readsBeside(int number) {
  if (!Read.exchange(true))
    Beside = number; // expect: race-unlocked-mutation
  std::printf("%d\n", Beside);
}

// The first that comes may find the last that goes still at it.
static void comesAndGoes() {
  if (Users.fetch_add(1) == 0)
    Opened = 1; // expect: race-unlocked-mutation
  if (Users.fetch_sub(1) == 1)
    Opened = 0;
}

static void goesOn() {
  int idle = 0, begun = 1;
  if (State.compare_exchange_strong(idle, 1))
    Brought = 1; // expect: race-unlocked-mutation
  if (State.compare_exchange_strong(begun, 2))
    Brought = 2;
}

static void runTwice(void (*work)(int)) {
  std::thread one(work, 1), other(work, 2);
  one.join();
  other.join();
}

static void runTwice(void (*work)()) {
  std::thread one(work), other(work);
  one.join();
  other.join();
}

int main() {
  runTwice(neverLooks);
  runTwice(loses);
  runTwice(givesBack);
  runTwice(readsBeside);
  runTwice(comesAndGoes);
  runTwice(goesOn);
  std::printf("%d %d %d\n", Unseen, Losers, After);
}
