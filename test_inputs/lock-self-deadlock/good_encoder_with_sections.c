// Encoders behind a function pointer: one lets go of the GIL itself, and is used
// where the GIL is held; the others run in a released section.
// flags: -I/usr/include/python3.11
// needs: python3-dev
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <unistd.h>

typedef struct encoder {
  int (*encode)(struct encoder *self, unsigned char *to, int room);
  const unsigned char *from;
  int left;
} encoder_t;

static void section_enter(PyThreadState **cookie) { *cookie = PyEval_SaveThread(); }
static void section_leave(PyThreadState **cookie) { PyEval_RestoreThread(*cookie); }

static int encode_raw(encoder_t *self, unsigned char *to, int room) {
  int count = self->left < room ? self->left : room;
  for (int i = 0; i < count; ++i)
    to[i] = self->from[i];
  self->left -= count;
  return count;
}

static int encode_bits(encoder_t *self, unsigned char *to, int room) {
  int count = self->left < room ? self->left : room;
  for (int i = 0; i < count; ++i)
    to[i] = self->from[i] & 1;
  self->left -= count;
  return count;
}

static int encode_reversed(encoder_t *self, unsigned char *to, int room) {
  int count = self->left < room ? self->left : room;
  for (int i = 0; i < count; ++i)
    to[i] = self->from[self->left - 1 - i];
  self->left -= count;
  return count;
}

static int encode_slowly(encoder_t *self, unsigned char *to, int room) {
  PyThreadState *cookie;
  int count = 0;
  section_enter(&cookie);
  while (count < room && self->left > 0) {
    to[count] = (unsigned char)(self->from[count] * 7 % 251);
    ++count;
    --self->left;
  }
  section_leave(&cookie);
  return count;
}

static encoder_t the_encoder;

static PyObject *use(PyObject *self, PyObject *number) {
  (void)self;
  long which = PyLong_AsLong(number);
  the_encoder.encode = which == 0 ? encode_raw : which == 1 ? encode_bits : which == 2 ? encode_reversed : encode_slowly;
  Py_RETURN_NONE;
}

static PyObject *to_file(PyObject *self, PyObject *file) {
  unsigned char buffer[512];
  int fd = (int)PyLong_AsLong(file), count;
  PyThreadState *cookie;
  (void)self;
  section_enter(&cookie);
  do {
    count = the_encoder.encode(&the_encoder, buffer, (int)sizeof buffer);
    if (count > 0 && write(fd, buffer, (size_t)count) < 0) {
      section_leave(&cookie);
      return PyErr_SetFromErrno(PyExc_OSError);
    }
  } while (count > 0);
  section_leave(&cookie);
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"use", use, METH_O, NULL}, {"to_file", to_file, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "encoders", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_encoders(void) { return PyModule_Create(&module); }
