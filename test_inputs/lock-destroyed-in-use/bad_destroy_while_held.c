// close() destroys the lock inside its own critical section.
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
  mtx_lock(&file->lock); // allow: lock-not-released
  if (--file->references == 0) {
    mtx_destroy(&file->lock); // expect: lock-destroyed-in-use
    free(file);
    return; // allow: lock-not-released
  }
  mtx_unlock(&file->lock);
}

int main(void) {
  struct file *file = file_open();
  if (file)
    file_close(file);
}
