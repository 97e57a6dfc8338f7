// std::call_once with the GIL released before it and taken inside it: nobody waits
// for the flag with the GIL held.
// flags: -std=c++17 -I/usr/include/python3.11
// needs: python3-dev
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <mutex>

static std::once_flag importFlag;
static PyObject *frameType = nullptr;

static void importPandas() {
  PyGILState_STATE state = PyGILState_Ensure();
  PyObject *module = PyImport_ImportModule("pandas");
  if (module) {
    frameType = PyObject_GetAttrString(module, "DataFrame");
    Py_DECREF(module);
  } else {
    PyErr_Clear();
  }
  PyGILState_Release(state);
}

static bool isFrame(PyObject *object) {
  Py_BEGIN_ALLOW_THREADS
  std::call_once(importFlag, importPandas);
  Py_END_ALLOW_THREADS
  return frameType && PyObject_IsInstance(object, frameType) == 1;
}

static PyObject *check(PyObject *, PyObject *object) { return PyBool_FromLong(isFrame(object)); }

static PyMethodDef methods[] = {{"check", check, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "frames", nullptr, -1, methods, nullptr, nullptr, nullptr, nullptr};

PyMODINIT_FUNC PyInit_frames() { return PyModule_Create(&module); }
