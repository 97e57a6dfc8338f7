// Streams of children whose owners close them: a function, a class, a lambda, a
// shared owner.
#include <cstdio>
#include <memory>
#include <string>

struct Closer {
  void operator()(FILE *stream) const { pclose(stream); } // allow: process-no-timeout
};

static std::string readAll(FILE *stream) {
  std::string text;
  char line[128];
  while (fgets(line, sizeof line, stream))
    text += line;
  return text;
}

static std::string byFunction(const char *command) {
  std::unique_ptr<FILE, decltype(&pclose)> stream(popen(command, "r"), pclose);
  return stream ? readAll(stream.get()) : ""; // allow: process-no-timeout
}

static std::string byClass(const char *command) {
  std::unique_ptr<FILE, Closer> stream(popen(command, "r"));
  if (!stream)
    return "";
  return readAll(stream.get());
}

static std::string byLambda(const char *command) {
  auto close = [](FILE *stream) { pclose(stream); }; // allow: process-no-timeout
  std::unique_ptr<FILE, decltype(close)> stream(popen(command, "r"), close);
  return readAll(stream.get());
}

static std::string shared(const char *command) {
  std::shared_ptr<FILE> stream(popen(command, "r"), pclose);
  return stream ? readAll(stream.get()) : "";
}

int main(int count, char **arguments) {
  for (int i = 1; i < count; ++i)
    puts((byFunction(arguments[i]) + byClass(arguments[i]) + byLambda(arguments[i]) + shared(arguments[i])).c_str());
}
