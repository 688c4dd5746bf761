/*
 * A trial of the ring (model.md, "Ring") in plain scalar C with libm: what kernels/assembly/ring.ts is measured
 * against. The authors' signal, the same order of operations.
 *
 * stdin: repetitions; both populations, 23 numbers each (kernels/assembly/rate.ts); pixels, steps, dt/T, drive;
 * both profiles: reach, weights, delays; afferent [steps, pixels]; start of both; resting potential.
 * stdout: median seconds; sums of nu_e, nu_i and the signal.
 */

#include <math.h>
#include <string.h>
#include "timing.h"

typedef struct {
  double Ke, Ki, Qe, Qi, Te, Ti, Ee, Ei, Gl, Cm, El, X, P[11];
} Population;

static double mean_voltage(const Population *p, double nu_e, double nu_i) {
  const double ge = p->Qe * p->Te * (fmax(nu_e, 0.0) * p->Ke), gi = p->Qi * p->Ti * (fmax(nu_i, 0.0) * p->Ki);
  return (ge * p->Ee + gi * p->Ei + p->Gl * p->El) / (p->Gl + ge + gi);
}

static double rate(const Population *p, double nu_e, double nu_i) {
  const double fe = fmax(nu_e, 0.0) * p->Ke, fi = fmax(nu_i, 0.0) * p->Ki;
  const double ge = p->Qe * p->Te * fe, gi = p->Qi * p->Ti * fi, g = p->Gl + ge + gi;
  const double mu = (ge * p->Ee + gi * p->Ei + p->Gl * p->El) / g, taum = p->Cm / g;
  const double ae = p->Qe * (p->Ee - mu) / g * p->Te, ai = p->Qi * (p->Ei - mu) / g * p->X;
  const double ae2 = ae * ae, ai2 = ai * ai, se = p->Te + taum, si = p->Ti + taum;
  const double sigma = sqrt(fe * ae2 / (2.0 * se) + fi * ai2 / (2.0 * si)) + 1e-12;
  const double ne = (fe + 1e-9) * ae2, ni = (fi + 1e-9) * ai2, tau = (ne + ni) / (ne / se + ni / si);
  const double x = (mu + 60e-3) / 10e-3, y = (sigma - 4e-3) / 6e-3, z = tau * p->Gl / p->Cm - 0.5;
  const double *P = p->P;
  const double threshold = P[0] + P[1] * x + P[2] * y + P[3] * z + P[4] * log(g / p->Gl) + P[5] * (x * x) +
                           P[6] * (y * y) + P[7] * (z * z) + P[8] * (x * y) + P[9] * (x * z) + P[10] * (y * z);
  return erfc((threshold - mu) / (M_SQRT2 * sigma)) / (2.0 * tau);
}

typedef struct {
  int reach;
  double *weights, *delays;
} Profile;

static Profile profile(void) {
  const int reach = number();
  double *weights = numbers(2 * reach + 1);
  return (Profile){reach, weights, numbers(2 * reach + 1)};
}

/* sums[x] = sum over k of weights[k] * history[step - delays[k], x + k], each offset a rotated row. */
static void convolve(double *sums, const double *history, Profile profile, int pixels, int step) {
  for (int x = 0; x < pixels; x++) sums[x] = 0.0;
  for (int k = 0; k <= 2 * profile.reach; k++) {
    const double weight = profile.weights[k];
    const int delay = profile.delays[k];
    const double *row = history + (step > delay ? step - delay : 0) * pixels;
    const int shift = ((k - profile.reach) % pixels + pixels) % pixels;
    for (int x = 0; x < pixels - shift; x++) sums[x] += weight * row[x + shift];
    for (int x = pixels - shift; x < pixels; x++) sums[x] += weight * row[x + shift - pixels];
  }
}

static double sum(const double *values, int n) {
  double total = 0.0;
  for (int k = 0; k < n; k++) total += values[k];
  return total;
}

int main(void) {
  const int repetitions = number();
  Population exc, inh;
  memcpy(&exc, numbers(23), sizeof exc);
  memcpy(&inh, numbers(23), sizeof inh);
  const int pixels = number(), steps = number(), size = pixels * steps;
  const double change = number(), drive = number();
  const Profile of_exc = profile(), of_inh = profile();
  const double *afferent = numbers(size), *start = numbers(2), rest = number();
  double *nu_e = calloc(size, sizeof *nu_e), *nu_i = calloc(size, sizeof *nu_i), *signal = calloc(size, sizeof *signal);
  double seconds[repetitions], sum_e[pixels], sum_i[pixels];
  for (int repetition = 0; repetition < repetitions; repetition++) {
    const double begin = now();
    for (int x = 0; x < pixels; x++) nu_e[x] = start[0], nu_i[x] = start[1];
    for (int step = 0; step < steps - 1; step++) {
      convolve(sum_e, nu_e, of_exc, pixels, step);
      convolve(sum_i, nu_i, of_inh, pixels, step);
      for (int x = 0; x < pixels; x++) {
        const int here = step * pixels + x, next = here + pixels;
        const double e = drive + sum_e[x], i = sum_i[x];
        nu_e[next] = nu_e[here] + change * (rate(&exc, e + afferent[here], i) - nu_e[here]);
        nu_i[next] = nu_i[here] + change * (rate(&inh, e, i) - nu_i[here]);
        signal[next] = fabs((mean_voltage(&exc, e, i) - rest) / rest);
      }
    }
    seconds[repetition] = now() - begin;
  }
  printf("%.9g %.17g %.17g %.17g\n", median(seconds, repetitions), sum(nu_e, size), sum(nu_i, size), sum(signal, size));
}
