// A std::thread calls the callback without the GIL.
// flags: -std=c++20 -I/usr/include/python3.11
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <thread>

static PyObject *listener;

static void tell(long value) {
  PyObject *answer = PyObject_CallFunction(listener, "l", value); // expect: gil-not-held#tell
  Py_XDECREF(answer);                                             // expect: gil-not-held#tell
}

static PyObject *listen(PyObject *, PyObject *function) {
  Py_INCREF(function);
  listener = function;
  std::thread([] {
    for (long i = 0; i < 10; ++i)
      tell(i); // expect: gil-not-held#tell
  }).detach();
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"listen", listen, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "bell", nullptr, -1, methods, nullptr, nullptr, nullptr, nullptr};

PyMODINIT_FUNC PyInit_bell() { return PyModule_Create(&module); }
