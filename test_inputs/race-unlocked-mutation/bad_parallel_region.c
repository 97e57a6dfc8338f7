// flags: -fopenmp
// A clause or a barrier is missing: the threads share what each should have, or
// look at what one of them may still write.
int total(int count) {
  int i, sum = 0, scratch = 0, first = 0, seen = 0;
  int values[100];
#pragma omp parallel for
  for (i = 0; i < 100; i++) {
    scratch = i * count; // expect: race-unlocked-mutation
    values[i] = scratch;
  }
#pragma omp parallel for
  for (i = 0; i < 100; i++)
    sum += values[i]; // expect: race-unlocked-mutation
#pragma omp parallel
  {
#pragma omp single nowait
    first = 7; // expect: race-unlocked-mutation
    if (first > 3) {
#pragma omp atomic
      seen++;
    }
  }
  return sum + seen;
}

int main(void) { return total(3); }
