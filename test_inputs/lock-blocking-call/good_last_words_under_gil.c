// What is written on the way to the end of the program holds nobody up.
// flags: -I/usr/include/python3.11
// needs: python3-dev
#include <Python.h>

static void bug(const char *what) {
  fprintf(stderr, "BUG: %s\n", what);
  exit(1);
}

static PyObject *check(PyObject *self, PyObject *args) {
  int count;
  if (!PyArg_ParseTuple(args, "i", &count))
    return NULL;
  if (count < 0)
    bug("a negative count");
  return PyLong_FromLong(count);
}

static PyMethodDef functions[] = {{"check", check, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "checks", NULL, -1, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_checks(void) { return PyModule_Create(&module); }
