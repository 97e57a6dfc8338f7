// Boost.Process: wait(), then the lines.
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
    child.wait(); // expect: pipe-wait-before-drain
    if (child.exit_code() != 0)
      return {};
    std::string all, line;
    while (std::getline(output, line))
      all += line + '\n';
    return all;
  }

private:
  std::string Program;
};

std::string helpOf(const std::string &program) { return VersionProbe(program).run(); }
