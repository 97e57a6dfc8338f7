// Poco::Process: the output to its end, then the errors.
#include <istream>
#include <string>
#include <thread>
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

int runTool(const std::string &tool, std::string &output, std::string &errors) {
  Poco::Pipe out, err;
  Poco::Process::Args args{"--all"};
  Poco::ProcessHandle handle = Poco::Process::launch(tool, args, nullptr, &out, &err);
  Poco::PipeInputStream outStream(out), errStream(err);
  Poco::StreamCopier::copyToString(outStream, output); // expect: pipe-sequential-drain
  Poco::StreamCopier::copyToString(errStream, errors);
  return handle.wait();
}
