// Two objects of a class of threads count in a member of the class.
// flags: -fPIC -I/usr/include/x86_64-linux-gnu/qt5 -I/usr/include/x86_64-linux-gnu/qt5/QtCore
// needs: qtbase5-dev
#include <QMutex>
#include <QMutexLocker>
#include <QThread>
class Counter : public QThread {
  static QMutex mutex;
  static int total;

public:
  int sum() { return total; }

protected:
  void run() override {
    for (int i = 0; i < 100; ++i) {
      total++; // expect: race-unlocked-mutation
    }
  }
};
QMutex Counter::mutex;
int Counter::total;
int main() {
  Counter a, b;
  a.start();
  b.start();
  a.wait();
  b.wait();
  return a.sum();
}
