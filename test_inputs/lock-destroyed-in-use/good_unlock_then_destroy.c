// The decision is taken under the lock; it is destroyed after the unlock.
#include <stdlib.h>
#include <threads.h>

struct file {
  mtx_t lock;
  int references;
};

struct file *file_open(void) {
  struct file *file = malloc(sizeof *file);
  if (file) {
    mtx_init(&file->lock, mtx_plain);
    file->references = 1;
  }
  return file;
}

void file_close(struct file *file) {
  int left;
  mtx_lock(&file->lock);
  left = --file->references;
  mtx_unlock(&file->lock);
  if (left > 0)
    return;
  mtx_destroy(&file->lock);
  free(file);
}

int main(void) {
  struct file *file = file_open();
  if (file)
    file_close(file);
}
