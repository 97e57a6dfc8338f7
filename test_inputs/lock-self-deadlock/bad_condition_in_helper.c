// The error path of a loader calls a reporting function that locks again.
#include <stdio.h>
#include <threads.h>

static mtx_t table;
static int entries, failures;

static int fail(const char *why) {
  mtx_lock(&table); // expect: lock-self-deadlock#fail
  ++failures;
  mtx_unlock(&table);
  fprintf(stderr, "load: %s\n", why);
  return -1;
}

static int check(int value) {
  if (value < 0)
    return fail("negative"); // expect: lock-self-deadlock#fail
  return 0;
}

static int load(const int *values, int count) {
  int status = 0;
  if (count == 0)
    return fail("nothing to load");
  mtx_lock(&table);
  for (int i = 0; i < count && status == 0; ++i) {
    status = check(values[i]); // expect: lock-self-deadlock#fail
    if (status == 0)
      ++entries;
  }
  mtx_unlock(&table);
  return status;
}

int main(void) {
  const int values[] = {1, 2, -3};
  mtx_init(&table, mtx_plain);
  return load(values, 3);
}
