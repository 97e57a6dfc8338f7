#include <pthread.h>
#include <string.h>

/* Each thread sorts its half of the array, starts another one for a half of that,
   and merges when it is done. */
struct job {
  int *numbers;
  int count;
};

static void merge(int *numbers, int count) {
  int all[100], i = 0, j = count / 2, k = 0;
  while (i < count / 2 && j < count)
    all[k++] = numbers[i] < numbers[j] ? numbers[i++] : numbers[j++];
  while (i < count / 2)
    all[k++] = numbers[i++];
  while (j < count)
    all[k++] = numbers[j++];
  memcpy(numbers, all, count * sizeof *numbers);
}

static void *sort(void *argument) {
  struct job *job = argument;
  if (job->count < 2)
    return 0;
  struct job left = {job->numbers, job->count / 2};
  struct job right = {job->numbers + job->count / 2, job->count - job->count / 2};
  pthread_t thread;
  pthread_create(&thread, 0, sort, &left);
  sort(&right);
  pthread_join(thread, 0);
  merge(job->numbers, job->count);
  return 0;
}

int main(void) {
  int numbers[100] = {3, 1, 2};
  struct job job = {numbers, 100};
  sort(&job);
  return numbers[0];
}
