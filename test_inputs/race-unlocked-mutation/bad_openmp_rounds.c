// flags: -fopenmp
int omp_get_thread_num(void);
int omp_get_num_threads(void);

void rows(double *a, int n) {
#pragma omp parallel for
  for (int i = 1; i < n; i++)
    for (int j = 0; j < n; j++)
      a[i * n + j] = a[(i - 1) * n + j]; // expect: race-unlocked-mutation
}

void columns(double *c, const double *a, const double *b, int n) {
#pragma omp parallel for
  for (int i = 0; i < n; i++)
    for (int k = 0; k < n; k++)
      for (int j = 0; j < n; j++)
        c[k * n + j] += a[i * n + k] * b[k * n + j]; // expect: race-unlocked-mutation
}

void stencil(double *u, int width, int height) {
#pragma omp parallel for
  for (int i = 1; i < height - 1; i++)
    for (int j = 1; j < width - 1; j++)
      u[i * width + j] = u[(i - 1) * width + j] + u[(i + 1) * width + j]; // expect: race-unlocked-mutation
}

static double square[100][100], force[100], sum[100];

void transpose(void) {
#pragma omp parallel for
  for (int i = 0; i < 100; i++)
    for (int j = 0; j < 100; j++)
      square[i][j] = square[j][i]; // expect: race-unlocked-mutation
}

void reverse(double *a, int n) {
#pragma omp parallel for
  for (int i = 0; i < n; i++)
    a[i] = a[n - 1 - i]; // expect: race-unlocked-mutation
}

void pairs(const double *at) {
#pragma omp parallel for
  for (int i = 0; i < 100; i++)
    for (int j = i + 1; j < 100; j++) {
      force[i] += at[j] - at[i]; // expect: race-unlocked-mutation
      force[j] -= at[j] - at[i];
    }
}

void elimination(void) {
  static double matrix[100][100];
  for (int k = 0; k < 100; k++)
#pragma omp parallel for
    for (int i = k; i < 100; i++)
      for (int j = k; j < 100; j++)
        matrix[i][j] -= matrix[i][k] * matrix[k][j]; // expect: race-unlocked-mutation
}

void halved(int n) {
#pragma omp parallel for
  for (int i = 0; i < n; i++)
    sum[i / 2] += i; // expect: race-unlocked-mutation
}

void rowsByPointer(double **a, int n) {
#pragma omp parallel for
  for (int i = 1; i < n; i++)
    for (int j = 0; j < n; j++)
      a[i][j] = a[i - 1][j]; // expect: race-unlocked-mutation
}
