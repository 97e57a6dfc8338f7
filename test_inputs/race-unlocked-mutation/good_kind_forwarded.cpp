// A message of some kinds is handed to the worker through a queue; only the other
// kinds are handled at once, so the worker alone changes the sessions.
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

enum Kind { Ping = 1, Login = 4, Logout = 9, Data = 20 };

class Message {
public:
  Message(int kind, int user) : KindOf(kind), User(user) {}
  int kind() const { return KindOf; }
  int user() const { return User; }

private:
  int KindOf;
  int User;
};

class Sessions {
public:
  void login(int user) { Open[user] = ++Logins; }
  void logout(int user) { Open.erase(user); }

private:
  std::map<int, int> Open;
  int Logins = 0;
};

class Worker {
public:
  void post(std::shared_ptr<Message> message) {
    std::lock_guard<std::mutex> lock(Mutex);
    Queue.push_back(std::move(message));
    Ready.notify_one();
  }
  void run();
  void stop() {
    std::lock_guard<std::mutex> lock(Mutex);
    Stopped = true;
    Ready.notify_one();
  }

private:
  std::mutex Mutex;
  std::condition_variable Ready;
  std::deque<std::shared_ptr<Message>> Queue;
  bool Stopped = false;
};

Worker worker;
Sessions sessions;
std::mutex countMutex;
int pings = 0;

void handle(const Message &message) {
  switch (message.kind()) {
  case Login:
    sessions.login(message.user());
    break;
  case Logout:
    sessions.logout(message.user());
    break;
  default: {
    std::lock_guard<std::mutex> lock(countMutex);
    ++pings;
  }
  }
}

void dispatch(std::shared_ptr<Message> message) {
  switch (message->kind()) {
  case Login:
  case Logout:
    worker.post(message);
    break;
  default:
    handle(*message);
  }
}

void Worker::run() {
  std::unique_lock<std::mutex> lock(Mutex);
  for (;;) {
    while (Queue.empty() && !Stopped)
      Ready.wait(lock);
    if (Queue.empty())
      return;
    std::shared_ptr<Message> message = Queue.front();
    Queue.pop_front();
    lock.unlock();
    handle(*message);
    lock.lock();
  }
}

int main() {
  std::thread thread(&Worker::run, &worker);
  std::thread receiver([] {
    for (int i = 0; i < 100; ++i)
      dispatch(std::make_shared<Message>(i % 2 ? Ping : i % 3 ? Login : Logout, i));
  });
  receiver.join();
  worker.stop();
  thread.join();
}
