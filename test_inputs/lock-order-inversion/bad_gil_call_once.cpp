// std::call_once around an import, from an extension's entry: the once flag is a
// lock that is held while the import lets go of the GIL and takes it back.
// flags: -std=c++17 -I/usr/include/python3.11
// needs: python3-dev
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <mutex>

static std::once_flag importFlag;
static PyObject *frameType = nullptr;

static void importPandas() {
  PyObject *module = PyImport_ImportModule("pandas"); // expect: lock-order-inversion#once
  if (!module) {
    PyErr_Clear();
    return;
  }
  frameType = PyObject_GetAttrString(module, "DataFrame");
  Py_DECREF(module);
}

static bool isFrame(PyObject *object) {
  std::call_once(importFlag, importPandas); // expect: lock-order-inversion#once
  return frameType && PyObject_IsInstance(object, frameType) == 1;
}

static PyObject *check(PyObject *, PyObject *object) { return PyBool_FromLong(isFrame(object)); }

static PyMethodDef methods[] = {{"check", check, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "frames", nullptr, -1, methods, nullptr, nullptr, nullptr, nullptr};

PyMODINIT_FUNC PyInit_frames() { return PyModule_Create(&module); }
