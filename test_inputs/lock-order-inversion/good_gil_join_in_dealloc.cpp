// The object's worker calls Python; tp_dealloc lets go of the GIL for the join.
// flags: -std=c++17 -I/usr/include/python3.11
// needs: python3-dev
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <atomic>
#include <new>
#include <thread>

struct Poller {
  std::thread worker;
  std::atomic<bool> stop{false};
  PyObject *callback = nullptr;

  void loop() {
    while (!stop) {
      PyGILState_STATE state = PyGILState_Ensure();
      PyObject *answer = PyObject_CallNoArgs(callback);
      if (!answer)
        PyErr_WriteUnraisable(callback);
      Py_XDECREF(answer);
      PyGILState_Release(state);
      std::this_thread::yield();
    }
  }
  void finish() {
    stop = true;
    if (worker.joinable())
      worker.join();
  }
};

struct PollerObject {
  PyObject_HEAD Poller poller;
};

static PyObject *pollerNew(PyTypeObject *type, PyObject *args, PyObject *) {
  PyObject *callback;
  if (!PyArg_ParseTuple(args, "O", &callback))
    return nullptr;
  auto *self = reinterpret_cast<PollerObject *>(type->tp_alloc(type, 0));
  if (!self)
    return nullptr;
  new (&self->poller) Poller;
  Py_INCREF(callback);
  self->poller.callback = callback;
  self->poller.worker = std::thread(&Poller::loop, &self->poller);
  return reinterpret_cast<PyObject *>(self);
}

static void pollerDealloc(PyObject *object) {
  auto *self = reinterpret_cast<PollerObject *>(object);
  Py_BEGIN_ALLOW_THREADS
  self->poller.finish();
  Py_END_ALLOW_THREADS
  Py_XDECREF(self->poller.callback);
  self->poller.~Poller();
  Py_TYPE(object)->tp_free(object);
}

static PyTypeObject PollerType = [] {
  PyTypeObject type = {PyVarObject_HEAD_INIT(nullptr, 0)};
  type.tp_name = "poll.Poller";
  type.tp_basicsize = sizeof(PollerObject);
  type.tp_flags = Py_TPFLAGS_DEFAULT;
  type.tp_new = pollerNew;
  type.tp_dealloc = pollerDealloc;
  return type;
}();

static PyModuleDef module = {PyModuleDef_HEAD_INIT, "poll", nullptr, -1, nullptr, nullptr, nullptr, nullptr, nullptr};

PyMODINIT_FUNC PyInit_poll() {
  if (PyType_Ready(&PollerType) < 0)
    return nullptr;
  PyObject *made = PyModule_Create(&module);
  Py_INCREF(&PollerType);
  if (made && PyModule_AddObject(made, "Poller", reinterpret_cast<PyObject *>(&PollerType)) < 0)
    return nullptr;
  return made;
}
