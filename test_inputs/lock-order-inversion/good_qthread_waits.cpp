// An object that is a thread waits for itself when it has given the lock back.
// flags: -fPIC -I/usr/include/x86_64-linux-gnu/qt5 -I/usr/include/x86_64-linux-gnu/qt5/QtCore
// needs: qtbase5-dev
#include <QMutex>
#include <QMutexLocker>
#include <QThread>

class Worker : public QThread {
public:
  void stop() {
    {
      QMutexLocker lock(&mutex);
      stopped = true;
    }
    wait();
  }

protected:
  void run() override {
    for (;;) {
      QMutexLocker lock(&mutex);
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
