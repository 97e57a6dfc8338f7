// GLib: the output channel to its end, then the error channel.
// flags: -I/usr/include/glib-2.0 -I/usr/lib/x86_64-linux-gnu/glib-2.0/include
// needs: libglib2.0-dev
#include <glib.h>
#include <sys/wait.h>

gboolean probe_media(const char *path, char **info, char **complaints) {
  char *argv[] = {"ffprobe", "-show_streams", (char *)path, NULL};
  GPid pid;
  int out, err, status;
  gsize length;
  GIOChannel *channel;
  if (!g_spawn_async_with_pipes(NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL, &out, &err, NULL))
    return FALSE;
  channel = g_io_channel_unix_new(out);
  g_io_channel_read_to_end(channel, info, &length, NULL); // expect: pipe-sequential-drain
  g_io_channel_unref(channel);
  channel = g_io_channel_unix_new(err);
  g_io_channel_read_to_end(channel, complaints, &length, NULL);
  g_io_channel_unref(channel);
  waitpid(pid, &status, 0);
  g_spawn_close_pid(pid);
  return status == 0;
}
