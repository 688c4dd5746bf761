/* What every peer does: numbers come by stdin, and of several runs the median of their seconds is told. */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double number(void) {
  double value;
  if (scanf("%lf", &value) != 1) {
    fprintf(stderr, "The input ends too early.\n");
    exit(2);
  }
  return value;
}

static inline double *numbers(int n) {
  double *values = malloc(n * sizeof *values);
  for (int k = 0; k < n; k++) values[k] = number();
  return values;
}

/* Seconds of processor time: on a shared machine they tell more than a clock. */
static inline double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static inline int rising(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static inline double median(double *values, int n) {
  qsort(values, n, sizeof *values, rising);
  return values[n / 2];
}
