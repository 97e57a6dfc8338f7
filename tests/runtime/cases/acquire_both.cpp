// expect: none
#include "support.h"
#include <gridlock/acquire.h>

static std::mutex a, b;

static void first() { auto both = gridlock::acquire(a, b); }
static void second() { auto both = gridlock::acquire(b, a); }

int main() { IN_TURN(first, second, first); }
