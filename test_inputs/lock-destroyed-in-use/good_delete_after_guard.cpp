// The guard's block ends before the object is deleted.
#include <mutex>

class Resource {
public:
  void retain() {
    std::lock_guard<std::mutex> lock(Mutex);
    ++Count;
  }
  void release() {
    bool last;
    {
      std::lock_guard<std::mutex> lock(Mutex);
      last = --Count == 0;
    }
    if (last)
      delete this;
  }

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
