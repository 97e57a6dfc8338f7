// The mutex lies in a class of the program's own and is taken by a guard of the
// program's own; so does the event, whose `set` and `wait` serve everybody.
#include <pthread.h>

class Mutex {
public:
  Mutex() { pthread_mutex_init(&handle, nullptr); }
  ~Mutex() { pthread_mutex_destroy(&handle); }
  void lock() { pthread_mutex_lock(&handle); }
  void unlock() { pthread_mutex_unlock(&handle); }

private:
  pthread_mutex_t handle;
};

class Guard {
public:
  explicit Guard(Mutex &mutex) : mutex(mutex) { mutex.lock(); }
  ~Guard() { mutex.unlock(); }

private:
  Mutex &mutex;
};

class Event {
public:
  Event() {
    pthread_mutex_init(&mutex, nullptr);
    pthread_cond_init(&condition, nullptr);
  }
  void set() {
    pthread_mutex_lock(&mutex);
    state = true;
    pthread_cond_broadcast(&condition);
    pthread_mutex_unlock(&mutex);
  }
  void wait() {
    pthread_mutex_lock(&mutex);
    while (!state)
      pthread_cond_wait(&condition, &mutex); // expect: condvar-extra-lock-held
    pthread_mutex_unlock(&mutex);
  }

private:
  pthread_mutex_t mutex;
  pthread_cond_t condition;
  bool state = false;
};

class Ticker {
public:
  void stop() {
    Guard guard(mutex);
    interval = 0;
    done.wait();
  }
  void tick() {
    long now;
    {
      Guard guard(mutex);
      now = interval;
    }
    if (now == 0)
      done.set();
  }

private:
  Mutex mutex;
  Event done;
  long interval = 1;
};

static Ticker ticker;

static void *run(void *) {
  ticker.tick();
  return nullptr;
}

int main() {
  pthread_t thread;
  pthread_create(&thread, nullptr, run, nullptr);
  ticker.stop();
  pthread_join(thread, nullptr);
}
