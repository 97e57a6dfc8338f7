// pybind11: the static starts out empty without Python; who finds it empty looks
// the module up, with the GIL as the only lock.
// flags: -std=c++17 -I/usr/include/python3.11
// needs: pybind11-dev python3-dev
#include <pybind11/pybind11.h>

namespace py = pybind11;

static py::object lookUp() {
  py::module_ numpy = py::module_::import("numpy");
  return numpy.attr("ndarray");
}

static PyObject *type;

static py::handle arrayType() {
  if (!type) {
    py::object found = lookUp();
    if (!type)
      type = found.release().ptr();
  }
  return type;
}

static int answer() {
  static const int value = 6 * 7;
  return value;
}

bool isArray(py::handle value) { return answer() == 42 && py::isinstance(value, arrayType()); }

PYBIND11_MODULE(arrays, m) { m.def("is_array", &isArray); }
