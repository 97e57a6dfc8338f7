// One socket pair is the child's input and output. Everything is sent before
// the first answer is read.
#include <string>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

class SpellChecker {
public:
  SpellChecker();
  ~SpellChecker();
  std::string check(const std::string &text);

private:
  int Socket = -1;
  pid_t Pid = -1;
};

SpellChecker::SpellChecker() {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    return;
  Pid = fork();
  if (Pid == 0) {
    dup2(pair[1], 0);
    dup2(pair[1], 1);
    execlp("cat", "cat", nullptr);
    _exit(127);
  }
  close(pair[1]);
  Socket = pair[0];
}

std::string SpellChecker::check(const std::string &text) {
  size_t sent = 0;
  while (sent < text.size()) {
    ssize_t n = write(Socket, text.data() + sent, text.size() - sent); // expect: pipe-write-before-drain#speller
    if (n < 0)
      return {};
    sent += static_cast<size_t>(n);
  }
  shutdown(Socket, SHUT_WR);
  std::string answer;
  char buffer[1024];
  ssize_t n;
  while ((n = read(Socket, buffer, sizeof buffer)) > 0)
    answer.append(buffer, static_cast<size_t>(n));
  return answer;
}

SpellChecker::~SpellChecker() {
  close(Socket);
  waitpid(Pid, nullptr, 0);
}

int main(int argc, char **argv) {
  std::string text(1 << 22, 'a');
  for (int i = 1; i < argc; ++i)
    text += argv[i];
  return SpellChecker().check(text).empty(); // expect: pipe-write-before-drain#speller
}
