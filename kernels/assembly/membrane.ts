// One forward Euler step of AdEx cells, two in the lanes of a vector and two vectors at a time. Constants are loaded
// from memory where they are used, once for both vectors: V8 would make each again, from integers, for every vector.

import { at, put } from "./memory";

// A cell's layout in memory, as in adex.ts.
const CELL_GL = 0;
const CELL_CM = 1;
const CELL_EL = 3;
const CELL_VTHRE = 4;
const CELL_DELTA_V = 6;
const CELL_A = 7;
const CELL_TAUW = 9;

// What a step needs, as doubles in a table.
const GL = 0;
const EL = 1;
const VTHRE = 2;
const PER_DELTA = 3;
const SLOPE = 4;
const A = 5;
const PER_CM = 6;
const PER_TAUW = 7;
const THRESHOLD = 8;
const EE = 9;
const EI = 10;
const DECAY_E = 11;
const DECAY_I = 12;

/** Cells that are advanced at once. */
export const LANES = 4;

/**
 * Fills a table of 13 doubles for `advanceCells`.
 *
 * @param cell address of the cell
 * @param dt s
 * @param te decay time of excitatory conductances, s
 * @param ti of inhibitory ones
 * @param ee their reversal potential, V
 * @param ei of inhibitory ones
 */
export function tabulate(table: usize, cell: usize, dt: f64, te: f64, ti: f64, ee: f64, ei: f64): void {
  const deltaV = at(cell, CELL_DELTA_V);
  put(table, GL, at(cell, CELL_GL));
  put(table, EL, at(cell, CELL_EL));
  put(table, VTHRE, at(cell, CELL_VTHRE));
  put(table, PER_DELTA, deltaV === 0.0 ? 0.0 : 1.0 / deltaV);
  put(table, SLOPE, at(cell, CELL_GL) * deltaV);
  put(table, A, at(cell, CELL_A));
  put(table, PER_CM, dt / at(cell, CELL_CM));
  put(table, PER_TAUW, dt / at(cell, CELL_TAUW));
  put(table, THRESHOLD, at(cell, CELL_VTHRE) + 5.0 * deltaV);
  put(table, EE, ee);
  put(table, EI, ei);
  put(table, DECAY_E, 1.0 - dt / te);
  put(table, DECAY_I, 1.0 - dt / ti);
}

/**
 * Advances cells, refractory or not, by a step.
 *
 * @param table from `tabulate`
 * @param first place of the first cell
 * @param count cells, a multiple of LANES
 * @param v address of the potentials of all places, as w, ge and gi are
 * @param found address for the places, u16, of cells above threshold
 * @returns the end of what was found
 */
export function advanceCells(
  table: usize,
  first: i32,
  count: i32,
  v: usize,
  w: usize,
  ge: usize,
  gi: usize,
  found: usize,
): usize {
  const begin = (<usize>first) << 3,
    end = begin + ((<usize>count) << 3);
  for (let cells = begin; cells < end; cells += LANES << 3) {
    const v0 = v128.load(v + cells),
      v1 = v128.load(v + cells, 16),
      w0 = v128.load(w + cells),
      w1 = v128.load(w + cells, 16),
      ge0 = v128.load(ge + cells),
      ge1 = v128.load(ge + cells, 16),
      gi0 = v128.load(gi + cells),
      gi1 = v128.load(gi + cells, 16);
    const exp0 = Vector.exp(
      f64x2.mul(f64x2.sub(v0, Vector.both(table, VTHRE)), Vector.both(table, PER_DELTA)),
    );
    const exp1 = Vector.exp(
      f64x2.mul(f64x2.sub(v1, Vector.both(table, VTHRE)), Vector.both(table, PER_DELTA)),
    );
    const next0 = Vector.potential(table, v0, w0, ge0, gi0, exp0);
    const next1 = Vector.potential(table, v1, w1, ge1, gi1, exp1);
    const nextW0 = Vector.adaptation(table, v0, w0);
    const nextW1 = Vector.adaptation(table, v1, w1);
    const decayE = Vector.both(table, DECAY_E),
      decayI = Vector.both(table, DECAY_I),
      threshold = Vector.both(table, THRESHOLD);
    v128.store(v + cells, next0);
    v128.store(v + cells, next1, 16);
    v128.store(w + cells, nextW0);
    v128.store(w + cells, nextW1, 16);
    v128.store(ge + cells, f64x2.mul(ge0, decayE));
    v128.store(ge + cells, f64x2.mul(ge1, decayE), 16);
    v128.store(gi + cells, f64x2.mul(gi0, decayI));
    v128.store(gi + cells, f64x2.mul(gi1, decayI), 16);
    const above0 = f64x2.gt(next0, threshold),
      above1 = f64x2.gt(next1, threshold);
    if (v128.any_true(v128.or(above0, above1))) {
      const place = <i32>(cells >> 3);
      const lanes = i64x2.bitmask(above0) | (i64x2.bitmask(above1) << 2);
      for (let lane = 0; lane < LANES; lane++) {
        if (((lanes >> lane) & 1) === 0) continue;
        store<u16>(found, place + lane);
        found += 2;
      }
    }
  }
  return found;
}

// The numbers of `exp` in math.ts: bound, log2 e, rounding, ln 2 in two parts, ½ and 1, then the polynomial.
const NUMBERS = memory.data<f64>([
  -700.0,
  Math.LOG2E,
  6755399441055744.0,
  0.6931471803691238,
  1.9082149292705877e-10,
  0.5,
  1.0,
  0.16666666666666666,
  0.04166666666665136,
  0.008333333333332155,
  0.0013888888905881542,
  0.0001984126985433861,
  2.4801536388690766e-5,
  2.755728006701698e-6,
  2.761380686153829e-7,
  2.5095554677111112e-8,
]);

/** Two lanes at once. Methods, because only they can be made to be inlined in plain TypeScript syntax. */
class Vector {
  /** V + dt/Cm · (exponential + leak − w + synaptic currents) */
  @inline
  static potential(table: usize, v: v128, w: v128, ge: v128, gi: v128, exponential: v128): v128 {
    const leak = f64x2.mul(Vector.both(table, GL), f64x2.sub(v, Vector.both(table, EL)));
    const synaptic = f64x2.add(
      f64x2.mul(ge, f64x2.sub(Vector.both(table, EE), v)),
      f64x2.mul(gi, f64x2.sub(Vector.both(table, EI), v)),
    );
    const intrinsic = f64x2.sub(f64x2.sub(f64x2.mul(Vector.both(table, SLOPE), exponential), leak), w);
    return f64x2.add(v, f64x2.mul(Vector.both(table, PER_CM), f64x2.add(intrinsic, synaptic)));
  }

  /** w + dt/τw · (a(V − El) − w) */
  @inline
  static adaptation(table: usize, v: v128, w: v128): v128 {
    const change = f64x2.sub(f64x2.mul(Vector.both(table, A), f64x2.sub(v, Vector.both(table, EL))), w);
    return f64x2.add(w, f64x2.mul(Vector.both(table, PER_TAUW), change));
  }

  /** An element of a table in both lanes. */
  @inline
  static both(table: usize, index: i32): v128 {
    return v128.load_splat<f64>(table + ((<usize>index) << 3));
  }

  /**
   * `exp` of math.ts in both lanes, by the same operations, where its result is normal: x below −700 counts as −700,
   * and a potential below threshold keeps x from being large.
   */
  @inline
  static exp(input: v128): v128 {
    const x = f64x2.pmax(input, Vector.both(NUMBERS, 0));
    const rounded = f64x2.add(f64x2.mul(x, Vector.both(NUMBERS, 1)), Vector.both(NUMBERS, 2));
    const k = f64x2.sub(rounded, Vector.both(NUMBERS, 2));
    const r = f64x2.sub(
      f64x2.sub(x, f64x2.mul(k, Vector.both(NUMBERS, 3))),
      f64x2.mul(k, Vector.both(NUMBERS, 4)),
    );
    const r2 = f64x2.mul(r, r);
    const r4 = f64x2.mul(r2, r2);
    const low = f64x2.add(
      f64x2.add(Vector.both(NUMBERS, 7), f64x2.mul(r, Vector.both(NUMBERS, 8))),
      f64x2.mul(r2, f64x2.add(Vector.both(NUMBERS, 9), f64x2.mul(r, Vector.both(NUMBERS, 10)))),
    );
    const high = f64x2.add(
      f64x2.add(Vector.both(NUMBERS, 11), f64x2.mul(r, Vector.both(NUMBERS, 12))),
      f64x2.mul(r2, f64x2.add(Vector.both(NUMBERS, 13), f64x2.mul(r, Vector.both(NUMBERS, 14)))),
    );
    const cubic = f64x2.add(low, f64x2.mul(r4, f64x2.add(high, f64x2.mul(r4, Vector.both(NUMBERS, 15)))));
    const y = f64x2.add(
      Vector.both(NUMBERS, 6),
      f64x2.add(r, f64x2.add(f64x2.mul(r2, Vector.both(NUMBERS, 5)), f64x2.mul(f64x2.mul(r2, r), cubic))),
    );
    return i64x2.add(y, i64x2.shl(rounded, 52)); // · 2^k
  }
}
