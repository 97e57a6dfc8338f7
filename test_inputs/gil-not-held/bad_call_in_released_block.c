// An error is set inside the released block.
// flags: -std=c17 -I/usr/include/python3.11
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <unistd.h>

static PyObject *flush(PyObject *self, PyObject *args)
{
    int descriptor, failed = 0;

    if (!PyArg_ParseTuple(args, "i", &descriptor))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    if (fsync(descriptor) != 0) {
        PyErr_SetFromErrno(PyExc_OSError); // expect: gil-not-held
        failed = 1;
    }
    Py_END_ALLOW_THREADS
    if (failed)
        return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"flush", flush, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "disk", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_disk(void)
{
    return PyModule_Create(&module);
}
