// The GIL is back wherever Python is used, and on every way out.
// flags: -std=c17 -I/usr/include/python3.11
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <unistd.h>

static PyObject *drain(PyObject *self, PyObject *args)
{
    char buffer[512];
    long total = 0;
    ssize_t count;
    int descriptor;

    if (!PyArg_ParseTuple(args, "i", &descriptor))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    while ((count = read(descriptor, buffer, sizeof buffer)) > 0) {
        total += count;
        if (buffer[0] == 'q') {
            Py_BLOCK_THREADS
            PyErr_SetString(PyExc_ValueError, "q");
            return NULL;
        }
    }
    Py_END_ALLOW_THREADS
    return PyLong_FromLong(total);
}

static PyMethodDef methods[] = {{"drain", drain, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "pump", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_pump(void)
{
    return PyModule_Create(&module);
}
