// expect: none
#include "support.h"
#include <mutex>

static std::mutex a, b;

static void first() { std::scoped_lock both(a, b); }
static void second() { std::scoped_lock both(b, a); }

int main() { IN_TURN(first, second, first); }
