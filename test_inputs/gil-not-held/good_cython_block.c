// What Cython writes for `with nogil:` and for an exception raised in it: the GIL
// is taken back before the exception is made, through __Pyx_PyGILState_Ensure.
// flags: -I/usr/include/python3.11
// needs: python3-dev
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#define __Pyx_FastGIL_Remember()
#define __Pyx_FastGIL_Forget()
#define __Pyx_PyGILState_Ensure PyGILState_Ensure
#define __Pyx_PyGILState_Release PyGILState_Release

static PyObject *__pyx_v_5blur_progress = 0;

static void __pyx_f_5blur_note(long __pyx_v_row) {
#ifdef WITH_THREAD
  PyGILState_STATE __pyx_gilstate_save = __Pyx_PyGILState_Ensure();
#endif
  PyObject *__pyx_t_1 = PyLong_FromLong(__pyx_v_row);
  PyObject *__pyx_t_2 = PyObject_CallOneArg(__pyx_v_5blur_progress, __pyx_t_1);
  Py_XDECREF(__pyx_t_2);
  Py_XDECREF(__pyx_t_1);
#ifdef WITH_THREAD
  __Pyx_PyGILState_Release(__pyx_gilstate_save);
#endif
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
        if (((char *)__pyx_v_image->buf)[__pyx_t_1] == 0) {
          {
#ifdef WITH_THREAD
            PyGILState_STATE __pyx_gilstate_save = __Pyx_PyGILState_Ensure();
#endif
            PyErr_SetString(PyExc_ValueError, "zero");
#ifdef WITH_THREAD
            __Pyx_PyGILState_Release(__pyx_gilstate_save);
#endif
            goto __pyx_L4_error;
          }
        }
        ((char *)__pyx_v_image->buf)[__pyx_t_1] /= 2;
        if (__pyx_t_1 % 4096 == 0)
          __pyx_f_5blur_note(__pyx_t_1);
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
    __pyx_L4_error:; {
#ifdef WITH_THREAD
      __Pyx_FastGIL_Forget();
      Py_BLOCK_THREADS
#endif
      goto __pyx_L1_error;
    }
    __pyx_L5:;
    }
  }
  __pyx_r = Py_None;
  Py_INCREF(Py_None);
  goto __pyx_L0;
__pyx_L1_error:;
  PyErr_Occurred();
  __pyx_r = NULL;
__pyx_L0:;
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
