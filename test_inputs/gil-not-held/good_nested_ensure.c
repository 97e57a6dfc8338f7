// A helper takes the GIL again; its caller has it before and after.
// flags: -std=c17 -I/usr/include/python3.11
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static void warn(const char *text)
{
    PyGILState_STATE state = PyGILState_Ensure();

    PyErr_WarnEx(NULL, text, 1);
    PyGILState_Release(state);
}

static PyObject *describe(long value)
{
    warn("slow");
    return PyLong_FromLong(value);
}

static PyObject *value(PyObject *self, PyObject *unused)
{
    return describe(3);
}

static PyMethodDef methods[] = {{"value", value, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "thing", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_thing(void)
{
    return PyModule_Create(&module);
}
