// GSubprocess: waits, then reads its output.
// flags: -I/usr/include/glib-2.0 -I/usr/lib/x86_64-linux-gnu/glib-2.0/include
// needs: libglib2.0-dev
#include <gio/gio.h>

char *list_archive(const char *path, GError **error) {
  GSubprocess *tar = g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, error, "tar", "-tf", path, NULL);
  GString *text;
  char buffer[4096];
  gssize count;
  GInputStream *output;
  if (tar == NULL)
    return NULL;
  if (!g_subprocess_wait_check(tar, NULL, error)) { // expect: pipe-wait-before-drain
    g_object_unref(tar);
    return NULL;
  }
  text = g_string_new(NULL);
  output = g_subprocess_get_stdout_pipe(tar);
  while ((count = g_input_stream_read(output, buffer, sizeof buffer, NULL, error)) > 0)
    g_string_append_len(text, buffer, count);
  g_object_unref(tar);
  return g_string_free(text, FALSE);
}
