// Two members of one class of locks are two locks, also where the class keeps its
// attributes beside the mutex.
#include <pthread.h>
#include <thread>

/// The attributes stay with the mutex that they were made for.
class Mutex {
public:
  Mutex() {
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&mutex, &attributes);
  }
  ~Mutex() {
    pthread_mutex_destroy(&mutex);
    pthread_mutexattr_destroy(&attributes);
  }
  void lock() { pthread_mutex_lock(&mutex); }
  void unlock() { pthread_mutex_unlock(&mutex); }

private:
  pthread_mutex_t mutex;
  pthread_mutexattr_t attributes;
};

class Locked {
public:
  explicit Locked(Mutex &mutex) : held(mutex) { held.lock(); }
  ~Locked() { held.unlock(); }

private:
  Mutex &held;
};

class Bank {
public:
  void pay(int amount) {
    Locked held(accountsMutex);
    balance += amount;
  }
  void take(int amount) {
    Locked held(accountsMutex);
    if (balance >= amount)
      balance -= amount;
  }
  void clear() {
    Locked held(journalMutex);
    balance = 0; // expect: race-inconsistent-guard
  }

private:
  Mutex accountsMutex, journalMutex;
  int balance = 0;
};

/// Banks come from elsewhere; each is used by several threads.
void payInBackground(Bank *bank) {
  std::thread([bank] { bank->pay(3); }).detach();
}
void takeInBackground(Bank *bank) {
  std::thread([bank] { bank->take(2); }).detach();
}
void clearInBackground(Bank *bank) {
  std::thread([bank] { bank->clear(); }).detach();
}
