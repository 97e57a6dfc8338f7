// needs: libglib2.0-dev
// flags: -I/usr/include/glib-2.0 -I/usr/lib/x86_64-linux-gnu/glib-2.0/include
// GLib's conditions wake up for no reason like all others.
#include <glib.h>

static GMutex mutex;
static GCond filled;
static GQueue queue = G_QUEUE_INIT;

gpointer take(void) {
  gpointer item;
  g_mutex_lock(&mutex);
  if (g_queue_is_empty(&queue))
    g_cond_wait(&filled, &mutex); // expect: condvar-no-predicate
  item = g_queue_pop_head(&queue);
  g_mutex_unlock(&mutex);
  return item;
}

gpointer take_tested(void) {
  gpointer item;
  g_mutex_lock(&mutex);
  while ((item = g_queue_pop_head(&queue)) == NULL)
    g_cond_wait(&filled, &mutex);
  g_mutex_unlock(&mutex);
  return item;
}

void put(gpointer item) {
  g_mutex_lock(&mutex);
  g_queue_push_tail(&queue, item);
  g_cond_signal(&filled);
  g_mutex_unlock(&mutex);
}
