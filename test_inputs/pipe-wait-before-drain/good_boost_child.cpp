// Boost.Process: the lines, then wait().
// needs: libboost-dev
#include <boost/process.hpp>
#include <string>

namespace bp = boost::process;

class VersionProbe {
public:
  explicit VersionProbe(std::string program) : Program(std::move(program)) {}
  std::string run() {
    bp::ipstream output;
    bp::child child(Program + " --help", bp::std_out > output, bp::std_err > bp::null);
    std::string all, line;
    while (std::getline(output, line))
      all += line + '\n';
    child.wait();
    return child.exit_code() == 0 ? all : std::string();
  }
  bool silent() {
    bp::child child(Program + " --check", bp::std_out > bp::null, bp::std_err > bp::null);
    child.wait();
    return child.exit_code() == 0;
  }

private:
  std::string Program;
};

std::string helpOf(const std::string &program) { return VersionProbe(program).silent() ? VersionProbe(program).run() : std::string(); }
