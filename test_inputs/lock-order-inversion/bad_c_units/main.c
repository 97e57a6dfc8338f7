#include "bus.h"

void *bus_interrupts(void *argument);

int main(void) {
  static struct device device = {PTHREAD_MUTEX_INITIALIZER, 4, 0};
  pthread_t interrupts;
  if (pthread_create(&interrupts, 0, bus_interrupts, &device))
    return 1;
  device_reset(&device);
  return pthread_join(interrupts, 0);
}
