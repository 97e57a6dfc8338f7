#include "bus.h"

void device_store(struct device *device, int value) {
  pthread_mutex_lock(&device->lock); // expect: lock-order-inversion#bus
  device->value = value;
  pthread_mutex_unlock(&device->lock);
}

void device_reset(struct device *device) {
  pthread_mutex_lock(&device->lock);
  device->value = bus_transfer(device, 0);
  pthread_mutex_unlock(&device->lock);
}
