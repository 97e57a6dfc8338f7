// GSubprocess: communicate() reads while it waits; or read, then wait.
// flags: -I/usr/include/glib-2.0 -I/usr/lib/x86_64-linux-gnu/glib-2.0/include
// needs: libglib2.0-dev
#include <gio/gio.h>

char *list_archive(const char *path, GError **error) {
  GSubprocess *tar = g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, error, "tar", "-tf", path, NULL);
  char *text = NULL;
  if (tar == NULL)
    return NULL;
  if (!g_subprocess_communicate_utf8(tar, NULL, NULL, &text, NULL, error))
    g_clear_pointer(&text, g_free);
  else if (!g_subprocess_wait_check(tar, NULL, error))
    g_clear_pointer(&text, g_free);
  g_object_unref(tar);
  return text;
}

char *list_folder(const char *path, GError **error) {
  GSubprocess *ls = g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, error, "ls", path, NULL);
  GString *text;
  char buffer[4096];
  gssize count;
  GInputStream *output;
  if (ls == NULL)
    return NULL;
  text = g_string_new(NULL);
  output = g_subprocess_get_stdout_pipe(ls);
  while ((count = g_input_stream_read(output, buffer, sizeof buffer, NULL, error)) > 0)
    g_string_append_len(text, buffer, count);
  g_subprocess_wait(ls, NULL, NULL);
  g_object_unref(ls);
  return g_string_free(text, FALSE);
}
