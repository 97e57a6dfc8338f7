// expect: none
// Everything at once, in one order: mutexes that come and go on the heap,
// readers and writers, conditions, threads that are joined and detached, forks,
// and a signal that interrupts all of it a thousand times a second.
#include "support.h"
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <sys/time.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

static std::mutex outer[4], inner[4];
static std::shared_mutex table;
static std::mutex queue_lock;
static std::condition_variable queue_changed;
static int queued;
static std::atomic<int> left{8};
static thread_local pthread_mutex_t of_handler = PTHREAD_MUTEX_INITIALIZER;
static std::atomic<int> signals;

static void handler(int) {
  int saved = errno;
  pthread_mutex_lock(&of_handler);
  ++signals;
  pthread_mutex_unlock(&of_handler);
  errno = saved;
}

static void work(int number) {
  unsigned random = 12345u + unsigned(number);
  for (int i = 0; i < 3000; ++i) {
    random = random * 1103515245u + 12345u;
    std::lock_guard<std::mutex> first(outer[random >> 16 & 3]);
    {
      auto own = std::make_unique<std::mutex>();
      std::lock_guard<std::mutex> second(*own);
      std::lock_guard<std::mutex> third(inner[random >> 20 & 3]);
    }
    if (random & 1) {
      std::shared_lock<std::shared_mutex> reader(table);
    } else {
      std::unique_lock<std::shared_mutex> writer(table);
    }
    if (i % 64 == 0) {
      std::lock_guard<std::mutex> lock(queue_lock);
      ++queued;
      queue_changed.notify_one();
    }
    if (i % 500 == 0)
      std::thread([] { std::lock_guard<std::mutex> lock(inner[0]); }).detach();
  }
  {
    std::lock_guard<std::mutex> lock(queue_lock);
    --left;
    queue_changed.notify_one();
  }
}

int main() {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, nullptr);
  itimerval every = {{0, 1000}, {0, 1000}};
  setitimer(ITIMER_REAL, &every, nullptr);

  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back(work, i);
  std::thread consumer([] {
    std::unique_lock<std::mutex> lock(queue_lock);
    while (left > 0 || queued > 0) {
      queue_changed.wait(lock, [] { return queued > 0 || left == 0; });
      if (queued > 0)
        --queued;
    }
  });
  for (int i = 0; i < 10; ++i) {
    pid_t child = fork();
    if (child == 0)
      _exit(0);
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
    }
    if (status != 0)
      return 2;
  }
  for (std::thread &thread : threads)
    thread.join();
  consumer.join();
  every = {};
  setitimer(ITIMER_REAL, &every, nullptr);
  return 0;
}
