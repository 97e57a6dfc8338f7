// A tool is asked to end, given three seconds, and then killed.
// flags: -fPIC -I/usr/include/x86_64-linux-gnu/qt5 -I/usr/include/x86_64-linux-gnu/qt5/QtCore
// needs: qtbase5-dev
#include <QProcess>
#include <QString>
#include <QStringList>

class Backend {
public:
  ~Backend();
  bool start(const QString &program);

private:
  QProcess *Process = nullptr;
};

bool Backend::start(const QString &program) {
  Process = new QProcess;
  Process->start(program, QStringList{"--server"});
  return Process->waitForStarted(5000);
}

Backend::~Backend() {
  if (!Process)
    return;
  Process->terminate();
  if (!Process->waitForFinished(3000)) {
    Process->kill();
    if (!Process->waitForFinished(1000))
      qWarning("the tool did not end");
  }
  delete Process;
}
