// A C library with a registered callback and a context pointer.
#include <pthread.h>
#include <stddef.h>

typedef void (*progress_callback)(int percent, void *context);

struct download {
  pthread_mutex_t lock;
  progress_callback progress;
  void *context;
  int percent;
};

void download_on_progress(struct download *download, progress_callback progress, void *context) {
  pthread_mutex_lock(&download->lock);
  download->progress = progress;
  download->context = context;
  pthread_mutex_unlock(&download->lock);
}

void download_advance(struct download *download, int percent) {
  pthread_mutex_lock(&download->lock);
  download->percent += percent;
  if (download->progress)
    download->progress(download->percent, download->context); // expect: lock-foreign-call
  pthread_mutex_unlock(&download->lock);
}
