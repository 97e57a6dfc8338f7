// expect: none
// A C program that loads a C++ plug-in: the C++ library comes late, and is seen
// by the plug-in alone.
#include "support.h"
#include <dlfcn.h>

int main(void) {
  void *library = dlopen(CXX_PLUGIN, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    return 3;
  }
  int (*value)(int);
  *(void **)&value = dlsym(library, "plugin_value");
  return value(5) == 5 && value(7) == 5 ? 0 : 1;
}
