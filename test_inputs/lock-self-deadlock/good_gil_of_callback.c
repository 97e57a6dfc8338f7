// Encoders behind one pointer. The one that lets go of the interpreter's lock
// itself, for large pictures, is only used by the method that keeps the lock.
// flags: -I/usr/include/python3.11
// needs: python3-dev
#include <Python.h>
#include <unistd.h>

typedef struct {
  PyObject_HEAD
  int (*encode)(char *to, int size);
  int direct;
} Encoder;

static int encodeRow(char *to, int size) {
  to[0] = 1;
  return size > 1;
}

static int encodeColumn(char *to, int size) {
  to[size - 1] = 1;
  return 1;
}

static int encodeZero(char *to, int size) {
  for (int i = 0; i < size; ++i)
    to[i] = 0;
  return 1;
}

static int encodeNothing(char *to, int size) { return to != NULL && size == 0; }

static int encodeLarge(char *to, int size) {
  if (size > 4096) {
    PyThreadState *state = PyEval_SaveThread();
    for (int i = 0; i < size; ++i)
      to[i] = 1;
    PyEval_RestoreThread(state);
  }
  return size;
}

static PyObject *toMemory(PyObject *self, PyObject *args) {
  Encoder *encoder = (Encoder *)self;
  char text[8192];
  int size;
  if (!PyArg_ParseTuple(args, "i", &size))
    return NULL;
  return PyLong_FromLong(encoder->encode(text, size));
}

static PyObject *toFile(PyObject *self, PyObject *args) {
  Encoder *encoder = (Encoder *)self;
  char text[512];
  int to, done;
  if (!PyArg_ParseTuple(args, "i", &to) || encoder->direct)
    return NULL;
  PyThreadState *state = PyEval_SaveThread();
  do {
    done = encoder->encode(text, sizeof text);
    if (write(to, text, sizeof text) < 0)
      break;
  } while (!done);
  PyEval_RestoreThread(state);
  Py_RETURN_NONE;
}

static PyTypeObject encoderType;

static PyObject *make(int (*encode)(char *, int), int direct) {
  Encoder *encoder = PyObject_New(Encoder, &encoderType);
  if (!encoder)
    return NULL;
  encoder->encode = encode;
  encoder->direct = direct;
  return (PyObject *)encoder;
}

static PyObject *rowEncoder(PyObject *self, PyObject *args) { return make(encodeRow, 0); }
static PyObject *largeEncoder(PyObject *self, PyObject *args) { return make(encodeLarge, 1); }

static PyObject *columnEncoder(PyObject *self, PyObject *args) { return make(encodeColumn, 0); }
static PyObject *zeroEncoder(PyObject *self, PyObject *args) { return make(encodeZero, 0); }
static PyObject *noEncoder(PyObject *self, PyObject *args) { return make(encodeNothing, 0); }

static PyMethodDef encoderMethods[] = {
    {"to_memory", toMemory, METH_VARARGS, NULL}, {"to_file", toFile, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyMethodDef functions[] = {
    {"row", rowEncoder, METH_NOARGS, NULL},       {"column", columnEncoder, METH_NOARGS, NULL},
    {"zero", zeroEncoder, METH_NOARGS, NULL},     {"none", noEncoder, METH_NOARGS, NULL},
    {"large", largeEncoder, METH_NOARGS, NULL},   {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "encoders", NULL, -1, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_encoders(void) {
  encoderType.tp_name = "encoders.Encoder";
  encoderType.tp_basicsize = sizeof(Encoder);
  encoderType.tp_methods = encoderMethods;
  return PyModule_Create(&module);
}
