// Boost.Process: errors go into the output's pipe, or to the terminal.
// needs: libboost-dev
#include <boost/process.hpp>
#include <string>
#include <vector>

namespace bp = boost::process;

struct Report {
  std::vector<std::string> lines;
  int code = 0;
};

Report compile(const std::string &file) {
  Report report;
  bp::ipstream output;
  bp::child compiler(bp::search_path("c++"), "-c", file, (bp::std_out & bp::std_err) > output);
  std::string line;
  while (std::getline(output, line))
    report.lines.push_back(line);
  compiler.wait();
  report.code = compiler.exit_code();
  return report;
}

Report compileAloud(const std::string &file) {
  Report report;
  bp::ipstream output;
  bp::child compiler(bp::search_path("c++"), "-c", file, bp::std_out > output);
  std::string line;
  while (std::getline(output, line))
    report.lines.push_back(line);
  compiler.wait();
  report.code = compiler.exit_code();
  return report;
}
