// The callback, its context and the value are copied and used after unlock.
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
  progress_callback progress;
  void *context;
  int now;
  pthread_mutex_lock(&download->lock);
  download->percent += percent;
  now = download->percent;
  progress = download->progress;
  context = download->context;
  pthread_mutex_unlock(&download->lock);
  if (progress)
    progress(now, context);
}
