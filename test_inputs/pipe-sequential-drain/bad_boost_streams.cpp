// Boost.Process: all lines of the output, then all lines of the errors.
// needs: libboost-dev
#include <boost/process.hpp>
#include <string>
#include <vector>

namespace bp = boost::process;

struct Report {
  std::vector<std::string> lines, errors;
  int code = 0;
};

Report compile(const std::string &file) {
  Report report;
  bp::ipstream output, errors;
  bp::child compiler(bp::search_path("c++"), "-c", file, bp::std_out > output, bp::std_err > errors);
  std::string line;
  while (std::getline(output, line)) // expect: pipe-sequential-drain
    report.lines.push_back(line);
  while (std::getline(errors, line))
    report.errors.push_back(line);
  compiler.wait();
  report.code = compiler.exit_code();
  return report;
}
