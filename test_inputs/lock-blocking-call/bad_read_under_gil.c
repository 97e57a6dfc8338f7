// The module waits for what comes through the pipe with the interpreter's lock held.
// flags: -I/usr/include/python3.11
// needs: python3-dev
#include <Python.h>
#include <unistd.h>

static int ends[2];

static PyObject *next(PyObject *self, PyObject *args) {
  char event;
  if (read(ends[0], &event, 1) != 1) // expect: lock-blocking-call
    return PyErr_SetFromErrno(PyExc_OSError);
  return PyLong_FromLong(event);
}

static PyMethodDef functions[] = {{"next", next, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "events", NULL, -1, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_events(void) {
  if (pipe(ends) != 0)
    return PyErr_SetFromErrno(PyExc_OSError);
  return PyModule_Create(&module);
}
