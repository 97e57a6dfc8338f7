// A return in the middle of the block.
// flags: -std=c17 -I/usr/include/python3.11
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <unistd.h>

static PyObject *drain(PyObject *self, PyObject *args)
{
    char buffer[512];
    int descriptor;

    if (!PyArg_ParseTuple(args, "i", &descriptor))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    while (read(descriptor, buffer, sizeof buffer) > 0) {
        if (buffer[0] == 'q')
            return NULL; // expect: gil-not-held
    }
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"drain", drain, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "pump", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_pump(void)
{
    return PyModule_Create(&module);
}
