// A crash handler builds a string and prints it with iostreams.
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>

namespace {
std::string describe(int number) {
  std::string text = "fatal signal "; // allow: lock-in-signal-handler
  text += std::to_string(number); // allow: lock-in-signal-handler
  return text;                    // allow: lock-in-signal-handler
}

extern "C" void crash(int number) {
  std::cerr << describe(number) << std::endl; // expect: lock-in-signal-handler
  std::_Exit(1);
}
} // namespace

int main() {
  std::signal(SIGSEGV, crash);
  std::signal(SIGABRT, crash);
}
