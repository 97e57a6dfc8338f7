// flags: -fopenmp
int omp_get_thread_num(void);
int omp_get_num_threads(void);

/* Indices of several counters: rows and columns in one array, triangles, both ends of an
   array, other halves, only even ones. */

void rows(double *c, const double *a, const double *b, int n) {
#pragma omp parallel for
  for (int i = 0; i < n; i++)
    for (int k = 0; k < n; k++)
      for (int j = 0; j < n; j++)
        c[i * n + j] += a[i * n + k] * b[k * n + j];
}

void columns(double *a, int n) {
  for (int i = 1; i < n; i++)
#pragma omp parallel for
    for (int j = 0; j < n; j++)
      a[i * n + j] = a[(i - 1) * n + j];
}

void stencil(const double *u, double *v, int width, int height) {
#pragma omp parallel for
  for (int i = 1; i < height - 1; i++)
    for (int j = 1; j < width - 1; j++)
      v[i * width + j] = u[(i - 1) * width + j] + u[(i + 1) * width + j];
}

static double square[100][100], line[200];

void triangle(void) {
#pragma omp parallel for
  for (int i = 0; i < 100; i++)
    for (int j = i + 1; j < 100; j++) {
      const double kept = square[i][j];
      square[i][j] = square[j][i];
      square[j][i] = kept;
    }
}

void reverse(double *a, int n) {
#pragma omp parallel for
  for (int i = 0; i < n / 2; i++) {
    const double kept = a[i];
    a[i] = a[n - 1 - i];
    a[n - 1 - i] = kept;
  }
}

void halves(double *a, int n) {
#pragma omp parallel for
  for (int i = 0; i < n; i++)
    a[i] = a[i + n];
}

void evenOnes(void) {
#pragma omp parallel for
  for (int i = 0; i < 199; i++)
    if (i % 2 == 0)
      line[i] = line[i + 1];
#pragma omp parallel for
  for (int i = 0; i < 128; i++)
    line[i ^ 1] += i;
}

void elimination(void) {
  for (int k = 0; k < 100; k++)
#pragma omp parallel for
    for (int i = k + 1; i < 100; i++)
      for (int j = k + 1; j < 100; j++)
        square[i][j] -= square[i][k] * square[k][j];
}

void chunks(double *a) {
#pragma omp parallel
  {
    const int me = omp_get_thread_num(), count = omp_get_num_threads();
    const int low = me * 1000 / count, high = (me + 1) * 1000 / count;
    for (int i = low; i < high; i++)
      a[i] += i;
  }
}
