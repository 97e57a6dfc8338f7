// A class that releases the GIL: its constructor leaves without it by design.
// flags: -std=c++20 -I/usr/include/python3.11
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdexcept>

class WithoutGil {
public:
  WithoutGil() : Saved(PyEval_SaveThread()) {}
  ~WithoutGil() { PyEval_RestoreThread(Saved); }
  WithoutGil(const WithoutGil &) = delete;

private:
  PyThreadState *Saved;
};

static long compute(long limit) {
  WithoutGil released;
  if (limit < 0)
    throw std::invalid_argument("limit");
  return limit * 2;
}

static PyObject *twice(PyObject *, PyObject *argument) {
  try {
    return PyLong_FromLong(compute(PyLong_AsLong(argument)));
  } catch (const std::exception &error) {
    PyErr_SetString(PyExc_ValueError, error.what());
    return nullptr;
  }
}

static PyMethodDef methods[] = {{"twice", twice, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "math2", nullptr, -1, methods, nullptr, nullptr, nullptr, nullptr};

PyMODINIT_FUNC PyInit_math2() { return PyModule_Create(&module); }
