// What Cython writes for `with nogil:`, with a Python call in it that a `cdef`
// function without `nogil` hides.
// flags: -I/usr/include/python3.11
// needs: python3-dev
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#define __Pyx_FastGIL_Remember()
#define __Pyx_FastGIL_Forget()
#define __Pyx_XDECREF(r) Py_XDECREF(r)

static PyObject *__pyx_v_5blur_progress = 0;

static void __pyx_f_5blur_note(long __pyx_v_row) {
  PyObject *__pyx_t_1 = PyLong_FromLong(__pyx_v_row); // expect: gil-not-held#note
  PyObject *__pyx_t_2 = PyObject_CallOneArg(__pyx_v_5blur_progress, __pyx_t_1); // expect: gil-not-held#note
  Py_XDECREF(__pyx_t_2); // expect: gil-not-held#note
  Py_XDECREF(__pyx_t_1); // expect: gil-not-held#note
}

static PyObject *__pyx_pf_5blur_run(PyObject *__pyx_self, Py_buffer *__pyx_v_image) {
  PyObject *__pyx_r = NULL;
  long __pyx_t_1;
  (void)__pyx_self;
  {
#ifdef WITH_THREAD
    PyThreadState *_save;
    Py_UNBLOCK_THREADS
    __Pyx_FastGIL_Remember();
#endif
    /*try:*/ {
      for (__pyx_t_1 = 0; __pyx_t_1 < __pyx_v_image->len; __pyx_t_1 += 1) {
        ((char *)__pyx_v_image->buf)[__pyx_t_1] /= 2;
        if (__pyx_t_1 % 4096 == 0)
          __pyx_f_5blur_note(__pyx_t_1); // expect: gil-not-held#note
      }
    }
    /*finally:*/ {
      /*normal exit:*/ {
#ifdef WITH_THREAD
        __Pyx_FastGIL_Forget();
        Py_BLOCK_THREADS
#endif
        goto __pyx_L5;
      }
    __pyx_L5:;
    }
  }
  __pyx_r = Py_None;
  Py_INCREF(Py_None);
  return __pyx_r;
}

static PyObject *__pyx_pw_5blur_run(PyObject *__pyx_self, PyObject *__pyx_v_object) {
  Py_buffer __pyx_v_view;
  PyObject *__pyx_r;
  if (PyObject_GetBuffer(__pyx_v_object, &__pyx_v_view, PyBUF_WRITABLE) < 0)
    return NULL;
  __pyx_r = __pyx_pf_5blur_run(__pyx_self, &__pyx_v_view);
  PyBuffer_Release(&__pyx_v_view);
  return __pyx_r;
}

static PyMethodDef __pyx_methods[] = {{"run", (PyCFunction)__pyx_pw_5blur_run, METH_O, 0}, {0, 0, 0, 0}};
static struct PyModuleDef __pyx_moduledef = {PyModuleDef_HEAD_INIT, "blur", 0, -1, __pyx_methods, 0, 0, 0, 0};

PyMODINIT_FUNC PyInit_blur(void) { return PyModule_Create(&__pyx_moduledef); }
