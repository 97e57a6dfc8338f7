// An object that is a thread waits for itself under the lock that its thread needs.
// flags: -fPIC -I/usr/include/x86_64-linux-gnu/qt5 -I/usr/include/x86_64-linux-gnu/qt5/QtCore
// needs: qtbase5-dev
#include <QMutex>
#include <QMutexLocker>
#include <QThread>

class Worker : public QThread {
public:
  void stop() {
    QMutexLocker lock(&mutex); // expect: lock-order-inversion#1
    stopped = true;
    wait(); // expect: lock-order-inversion#1 // allow: lock-blocking-call
  }

protected:
  void run() override {
    for (;;) {
      QMutexLocker lock(&mutex); // expect: lock-order-inversion#1
      if (stopped)
        return;
    }
  }

private:
  QMutex mutex;
  bool stopped = false;
};

int main() {
  Worker worker;
  worker.start();
  worker.stop();
}
