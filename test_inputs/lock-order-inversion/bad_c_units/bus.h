#ifndef BUS_H
#define BUS_H
#include <pthread.h>

struct device {
  pthread_mutex_t lock;
  int address, value;
};

extern pthread_mutex_t bus_lock;

int bus_transfer(struct device *device, int value);
void device_store(struct device *device, int value);
void device_reset(struct device *device);

#endif
