// The helper that builds the list is called after the thread state was saved.
// flags: -std=c17 -I/usr/include/python3.11
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *as_list(const double *values, int count)
{
    PyObject *list = PyList_New(count); // expect: gil-not-held#list

    for (int i = 0; list && i < count; i++)
        PyList_SetItem(list, i, PyFloat_FromDouble(values[i])); // expect: gil-not-held#list
    return list;
}

static PyObject *sample(PyObject *self, PyObject *unused)
{
    double values[8] = {0};
    PyThreadState *saved = PyEval_SaveThread();
    PyObject *list = as_list(values, 8); // expect: gil-not-held#list

    PyEval_RestoreThread(saved);
    return list;
}

static PyMethodDef methods[] = {{"sample", sample, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "sensor", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_sensor(void)
{
    return PyModule_Create(&module);
}
