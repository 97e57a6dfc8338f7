// Cleanup labels in the kernel's manner; one goto jumps past the unlock.
#include <stdlib.h>
#include <threads.h>

struct ring {
  mtx_t lock;
  char *data;
  size_t size;
};

int ring_resize(struct ring *ring, size_t size) {
  int status = -1;
  char *data = malloc(size);
  if (!data)
    goto out;
  mtx_lock(&ring->lock); // expect: lock-not-released#resize
  if (size < ring->size)
    goto out_free; // expect: lock-not-released#resize
  free(ring->data);
  ring->data = data;
  ring->size = size;
  status = 0;
  mtx_unlock(&ring->lock);
  goto out;
out_free:
  free(data);
out:
  return status; // expect: lock-not-released#resize
}

int main(void) {
  struct ring ring = {.data = NULL, .size = 0};
  mtx_init(&ring.lock, mtx_plain);
  return ring_resize(&ring, 16);
}
