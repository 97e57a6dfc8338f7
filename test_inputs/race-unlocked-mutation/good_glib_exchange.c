// A comparing exchange that returns a number which tells whether it exchanged.
// flags: -I/usr/include/glib-2.0 -I/usr/lib/x86_64-linux-gnu/glib-2.0/include
// needs: libglib2.0-dev
#include <glib.h> /* in parentheses the name is the function and no macro */

static gint taken;
static int starts;

static gpointer work(gpointer data) {
  if ((g_atomic_int_compare_and_exchange)(&taken, 0, 1))
    starts++;
  return data;
}

int main(void) {
  GThread *one = g_thread_new("one", work, NULL);
  GThread *other = g_thread_new("other", work, NULL);
  g_thread_join(one);
  g_thread_join(other);
  return starts;
}
