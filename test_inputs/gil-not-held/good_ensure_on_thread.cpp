// A class takes the GIL on the thread; raw memory needs none.
// flags: -std=c++20 -I/usr/include/python3.11
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <thread>

class Gil {
public:
  Gil() : State(PyGILState_Ensure()) {}
  ~Gil() { PyGILState_Release(State); }
  Gil(const Gil &) = delete;

private:
  PyGILState_STATE State;
};

static PyObject *listener;

static void tell(long value) {
  Gil gil;
  PyObject *answer = PyObject_CallFunction(listener, "l", value);
  Py_XDECREF(answer);
}

static PyObject *listen(PyObject *, PyObject *function) {
  Py_INCREF(function);
  listener = function;
  std::thread([] {
    void *scratch = PyMem_RawMalloc(64);
    for (long i = 0; i < 10; ++i)
      tell(i);
    PyMem_RawFree(scratch);
  }).detach();
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"listen", listen, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "bell", nullptr, -1, methods, nullptr, nullptr, nullptr, nullptr};

PyMODINIT_FUNC PyInit_bell() { return PyModule_Create(&module); }
