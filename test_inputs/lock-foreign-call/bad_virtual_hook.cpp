// A base class of a library calls its virtual hook under its lock; users
// derive from it.
#include <mutex>

class Connection {
public:
  virtual ~Connection() = default;
  void receive(int byte) {
    std::scoped_lock lock(Mutex);
    ++Received;
    onByte(byte); // expect: lock-foreign-call
  }
  int received() {
    std::scoped_lock lock(Mutex);
    return Received;
  }

protected:
  virtual void onByte(int byte) = 0;

private:
  std::mutex Mutex;
  int Received = 0;
};
