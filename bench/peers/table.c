/*
 * A table of a transfer function (model.md, "Transfer function table") in plain scalar C with libm: what
 * stages/tf-simulation.ts is measured against. Same random numbers and order of operations, so the same spikes.
 *
 * stdin: repetitions; Gl Cm Trefrac El Vthre Vreset delta_v a b tauw; Qe Qi Te Ti Ee Ei; Ke Ki; rows and columns;
 * largest nu_e; first and last nu_i; largest output rate, Hz; seeds; samples; dt, s.
 * stdout: median seconds, simulations, sum of the mean rates.
 */

#include <math.h>
#include <stdint.h>
#include "timing.h"

enum { N = 624, M = 397 };

typedef struct {
  uint32_t state[N];
  int index;
} Twister;

static void seed(Twister *twister, uint32_t value) {
  twister->state[0] = value;
  for (int i = 1; i < N; i++) {
    value = 1812433253u * (value ^ (value >> 30)) + i;
    twister->state[i] = value;
  }
  twister->index = N;
}

static uint32_t twist(uint32_t upper, uint32_t lower) {
  return (((upper & 0x80000000u) | (lower & 0x7fffffffu)) >> 1) ^ (lower & 1 ? 0x9908b0dfu : 0);
}

static uint32_t word(Twister *twister) {
  uint32_t *s = twister->state;
  if (twister->index == N) {
    int i = 0;
    for (; i < N - M; i++) s[i] = s[i + M] ^ twist(s[i], s[i + 1]);
    for (; i < N - 1; i++) s[i] = s[i + M - N] ^ twist(s[i], s[i + 1]);
    s[N - 1] = s[M - 1] ^ twist(s[N - 1], s[0]);
    twister->index = 0;
  }
  uint32_t y = s[twister->index++];
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680u;
  y ^= (y << 15) & 0xefc60000u;
  return y ^ (y >> 18);
}

static double interval(Twister *twister, double rate) {
  double high = word(twister) >> 5, low = word(twister) >> 6;
  return -log(1.0 - (high * 67108864.0 + low) / 9007199254740992.0) / rate;
}

typedef struct {
  double Gl, Cm, Trefrac, El, Vthre, Vreset, delta_v, a, b, tauw;
} Cell;

typedef struct {
  double Qe, Qi, Te, Ti, Ee, Ei;
} Synapses;

static int spikes(const Cell *cell, const Synapses *synapses, double fe, double fi, uint32_t seeded, int n, double dt) {
  static Twister excitation, inhibition;
  const Cell c = *cell;
  const Synapses s = *synapses;
  const double per_tauw = dt / c.tauw, per_Cm = dt / c.Cm, end = (n - 1) * dt;
  const double decay_e = exp(-dt / s.Te), decay_i = exp(-dt / s.Ti);
  const double threshold = c.Vthre + 5.0 * c.delta_v, slope = c.Gl * c.delta_v;
  if (fe == 0.0) fe = 1e-9;
  if (fi == 0.0) fi = 1e-9;
  seed(&excitation, seeded);
  seed(&inhibition, seeded);
  int left_e = fmax((int)(3.0 * fe * end), 1), left_i = fmax((int)(3.0 * fi * end), 1);
  double next_e = interval(&excitation, fe), next_i = interval(&inhibition, fi);
  double ge = 0.0, gi = 0.0, last = -INFINITY, w = 0.0, v = c.El;
  int count = 0;
  for (int i = 0; i < n - 1; i++) {
    const double t = i * dt;
    if (i > 0) {
      ge *= decay_e;
      while (next_e <= t) {
        ge += s.Qe;
        next_e = --left_e > 0 ? next_e + interval(&excitation, fe) : INFINITY;
      }
      gi *= decay_i;
      while (next_i <= t) {
        gi += s.Qi;
        next_i = --left_i > 0 ? next_i + interval(&inhibition, fi) : INFINITY;
      }
    }
    w += per_tauw * (c.a * (v - c.El) - w);
    if (t - last > c.Trefrac) {
      const double spiking = c.delta_v == 0.0 ? 0.0 : slope * exp((v - c.Vthre) / c.delta_v);
      v += per_Cm * (spiking - w + c.Gl * (c.El - v) + ge * (s.Ee - v) + gi * (s.Ei - v));
    } else {
      v = c.El;
    }
    if (v > threshold) {
      v = c.Vreset;
      w += c.b;
      last = (i + 1) * dt;
      count++;
    }
  }
  return count;
}

typedef struct {
  Cell cell;
  Synapses synapses;
  double Ke, Ki, nu_e_max, nu_i_low, nu_i_high, max_rate, dt;
  int rows, columns, seeds, n;
} Table;

static double output(const Table *table, double nu_e, double nu_i, uint32_t seeded, int *simulations) {
  ++*simulations;
  const int count = spikes(&table->cell, &table->synapses, table->Ke * nu_e, table->Ki * nu_i, seeded, table->n, table->dt);
  return count / ((table->n - 1) * table->dt);
}

static double point(int i, int n, double low, double high) {
  return i == n - 1 ? high : i * ((high - low) / (n - 1)) + low;
}

static double simulate(const Table *table, int *simulations) {
  double total = 0.0, rates[table->columns];
  *simulations = 0;
  for (int row = 0; row < table->rows; row++) {
    const double nu_i = point(row, table->rows, table->nu_i_low, table->nu_i_high);
    for (int e = 0; e < table->columns; e++) rates[e] = point(e, table->columns, 0.0, table->nu_e_max);
    for (int e = 1; e < table->columns; e++) {
      const double ceiling = point(e - 1, table->columns, 0.0, table->max_rate);
      double rate;
      while ((rate = output(table, rates[e], nu_i, 0, simulations)) > ceiling && rates[e] > rates[e - 1])
        rates[e] = rates[e - 1] + (rates[e] - rates[e - 1]) / 2;
      for (int seeded = 1; seeded < table->seeds; seeded++) rate += output(table, rates[e], nu_i, seeded, simulations);
      total += rate / table->seeds;
      if (e + 1 < table->columns) rates[e + 1] = rates[e] + table->nu_e_max / table->columns;
    }
  }
  return total;
}

int main(void) {
  const int repetitions = number();
  Table table;
  for (int k = 0; k < 10; k++) ((double *)&table.cell)[k] = number();
  for (int k = 0; k < 6; k++) ((double *)&table.synapses)[k] = number();
  table.Ke = number(), table.Ki = number();
  table.rows = number(), table.columns = number();
  table.nu_e_max = number(), table.nu_i_low = number(), table.nu_i_high = number(), table.max_rate = number();
  table.seeds = number(), table.n = number(), table.dt = number();
  double seconds[repetitions], total = 0.0;
  int simulations = 0;
  for (int k = 0; k < repetitions; k++) {
    const double begin = now();
    total = simulate(&table, &simulations);
    seconds[k] = now() - begin;
  }
  printf("%.9g %d %.17g\n", median(seconds, repetitions), simulations, total);
}
