// release() deletes the object while a guard still holds its mutex; the guard
// then unlocks freed memory.
// gap: an object that is deleted while a guard holds its own lock is not tracked
#include <mutex>

class Resource {
public:
  void retain() {
    std::lock_guard<std::mutex> lock(Mutex);
    ++Count;
  }
  void release() {
    std::lock_guard<std::mutex> lock(Mutex); // expect: lock-destroyed-in-use#delete
    if (--Count == 0)
      delete this; // expect: lock-destroyed-in-use#delete
  } // expect: lock-destroyed-in-use#delete

private:
  ~Resource() = default;
  std::mutex Mutex;
  int Count = 1;
};

int main() {
  Resource *resource = new Resource;
  resource->retain();
  resource->release();
  resource->release();
}
