#include "bus.h"

pthread_mutex_t bus_lock = PTHREAD_MUTEX_INITIALIZER;
static int transfers;

int bus_transfer(struct device *device, int value) {
  pthread_mutex_lock(&bus_lock); // expect: lock-order-inversion#bus
  ++transfers;
  int done = transfers;
  pthread_mutex_unlock(&bus_lock);
  return value + device->address + done;
}

/* Runs on the interrupt thread. */
void *bus_interrupts(void *argument) {
  struct device *device = argument;
  pthread_mutex_lock(&bus_lock);
  if (transfers > 3)
    device_store(device, 0);
  pthread_mutex_unlock(&bus_lock);
  return 0;
}
