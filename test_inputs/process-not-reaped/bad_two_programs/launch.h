#ifndef LAUNCH_H
#define LAUNCH_H
int launch(const char *program);
#endif
