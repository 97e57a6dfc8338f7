// GLib: the error text goes to /dev/null, or g_spawn_sync() reads both together.
// flags: -I/usr/include/glib-2.0 -I/usr/lib/x86_64-linux-gnu/glib-2.0/include
// needs: libglib2.0-dev
#include <glib.h>
#include <sys/wait.h>

gboolean probe_media(const char *path, char **info) {
  char *argv[] = {"ffprobe", "-show_streams", (char *)path, NULL};
  GPid pid;
  int out, status;
  gsize length;
  GIOChannel *channel;
  if (!g_spawn_async_with_pipes(NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &pid, NULL, &out, NULL,
                                NULL))
    return FALSE;
  channel = g_io_channel_unix_new(out);
  g_io_channel_read_to_end(channel, info, &length, NULL);
  g_io_channel_unref(channel);
  waitpid(pid, &status, 0);
  g_spawn_close_pid(pid);
  return status == 0;
}

gboolean probe_media_fully(const char *path, char **info, char **complaints) {
  char *argv[] = {"ffprobe", "-show_streams", (char *)path, NULL};
  int status;
  return g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, info, complaints, &status, NULL) && status == 0;
}
