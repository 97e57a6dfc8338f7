// The last call comes after PyGILState_Release.
// flags: -std=c17 -I/usr/include/python3.11
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *shared;

static PyObject *use(PyObject *self, PyObject *unused)
{
    PyThreadState *saved = PyEval_SaveThread();
    PyGILState_STATE state = PyGILState_Ensure();
    PyObject *text = PyObject_Str(shared);

    PyGILState_Release(state);
    Py_XDECREF(text); // expect: gil-not-held
    PyEval_RestoreThread(saved);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"use", use, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "text", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_text(void)
{
    shared = PyList_New(0);
    return PyModule_Create(&module);
}
