// Poco::Process: wait(), then the output.
#include <istream>
#include <string>
#include <vector>

// Poco, as far as it matters here.
namespace Poco {
class Pipe {
public:
  Pipe();
  ~Pipe();
  int readBytes(void *buffer, int length);
  int writeBytes(const void *buffer, int length);
  enum CloseMode { CLOSE_READ = 1, CLOSE_WRITE = 2, CLOSE_BOTH = 3 };
  void close(CloseMode mode = CLOSE_BOTH);
};
class ProcessHandle {
public:
  ProcessHandle(const ProcessHandle &);
  ~ProcessHandle();
  int id() const;
  int wait() const;
};
class Process {
public:
  typedef std::vector<std::string> Args;
  static ProcessHandle launch(const std::string &command, const Args &args, Pipe *in, Pipe *out, Pipe *err);
};
class PipeInputStream : public std::istream {
public:
  PipeInputStream(Pipe &pipe);
  ~PipeInputStream();
};
class StreamCopier {
public:
  static long copyToString(std::istream &from, std::string &to);
};
} // namespace Poco

std::string firstBytes(const std::string &tool) {
  Poco::Pipe out;
  Poco::ProcessHandle handle = Poco::Process::launch(tool, {}, nullptr, &out, nullptr);
  if (handle.wait() != 0) // expect: pipe-wait-before-drain
    return {};
  char buffer[4096];
  std::string text;
  for (int count; (count = out.readBytes(buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(count));
  return text;
}
