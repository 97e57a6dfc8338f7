// Boost.Python: the worker takes the GIL first and the list's lock for the copy
// alone; Python calls add() with the GIL held. One order.
// flags: -std=c++17 -I/usr/include/python3.11
// needs: libboost-dev python3-dev
#include <boost/python.hpp>
#include <list>
#include <mutex>
#include <thread>

namespace py = boost::python;

class TakeGil {
public:
  TakeGil() : State(PyGILState_Ensure()) {}
  ~TakeGil() { PyGILState_Release(State); }

private:
  PyGILState_STATE State;
};

class Channel {
public:
  void add(PyObject *listener) {
    std::lock_guard<std::mutex> hold(Lock);
    Py_INCREF(listener);
    Listeners.push_back(listener);
  }
  void start() {
    std::thread([this] {
      for (int i = 0; i < 100; ++i)
        publish(i);
    }).detach();
  }

private:
  void publish(int value) {
    TakeGil gil;
    std::list<PyObject *> copy;
    {
      std::lock_guard<std::mutex> hold(Lock);
      copy = Listeners;
    }
    for (PyObject *listener : copy)
      py::call<void>(listener, value);
  }
  std::mutex Lock;
  std::list<PyObject *> Listeners;
};

static Channel channel;
static void addListener(py::object listener) { channel.add(listener.ptr()); }
static void startChannel() { channel.start(); }

BOOST_PYTHON_MODULE(channels) {
  py::def("add", addListener);
  py::def("start", startChannel);
}
