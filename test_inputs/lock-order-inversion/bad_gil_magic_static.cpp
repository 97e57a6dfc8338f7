// pybind11: the module is looked up once, in the initialiser of a function-local
// static. The import may let go of the GIL; another thread then takes the GIL and
// waits for the static's guard, whose holder waits for the GIL.
// flags: -std=c++17 -I/usr/include/python3.11
// needs: pybind11-dev python3-dev
#include <pybind11/pybind11.h>

namespace py = pybind11;

static py::object lookUp() {
  py::module_ numpy = py::module_::import("numpy"); // expect: lock-order-inversion#guard
  return numpy.attr("ndarray");
}

static py::object &arrayType() {
  static py::object type = lookUp(); // expect: lock-order-inversion#guard
  return type;
}

bool isArray(py::handle value) { return py::isinstance(value, arrayType()); }

PYBIND11_MODULE(arrays, m) { m.def("is_array", &isArray); }
