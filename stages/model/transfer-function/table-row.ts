import { linspace } from "../../numerics/statistics/range.ts";

/** One simulation of a table: input rates, Hz, and where its output belongs. */
export interface Run {
  readonly row: TableRow;
  readonly column: number;
  readonly nuE: number;
  readonly nuI: number;
  readonly seed: number;
}

/** How the rows of a table are laid out; rates in Hz (docs/model.md, "Transfer function table"). */
export interface RowSettings {
  readonly nu_e_max: number;
  readonly nu_e_points: number;
  /** Output rate that the last column may reach. */
  readonly max_rate: number;
  /** Simulations per column. */
  readonly seeds: number;
}

/**
 * A row of a transfer function table while it is simulated. At a given inhibitory rate the excitatory rate climbs by
 * equal steps. A step is halved while the output of seed 0 exceeds the column's ceiling. So runs of seed 0 are
 * sequential, and runs of other seeds may start any time after their column is settled.
 */
export class TableRow {
  readonly nuI: number;
  /** Excitatory rates, settled below the column that is being climbed. */
  readonly rates: Float64Array;
  /** By column and seed; the first column, at rate 0, is not simulated. */
  readonly outputs: number[][];
  readonly #settings: RowSettings;
  readonly #ceilings: Float64Array;
  #climbing = 1;
  #repeating = { column: 1, seed: 1 };

  constructor(nuI: number, settings: RowSettings) {
    this.nuI = nuI;
    this.rates = linspace(0, settings.nu_e_max, settings.nu_e_points);
    this.outputs = Array.from(this.rates, (_, column) => (column === 0 ? [0] : []));
    this.#settings = settings;
    this.#ceilings = linspace(0, settings.max_rate, settings.nu_e_points);
  }

  /** The run that the climb waits for; undefined at the top. */
  climb(): Run | undefined {
    return this.#climbing < this.rates.length ? this.#run(this.#climbing, 0) : undefined;
  }

  /** A run of another seed at a settled rate, if any is left. Each is returned once. */
  repeat(): Run | undefined {
    const { column, seed } = this.#repeating;
    if (seed >= this.#settings.seeds || column >= this.#climbing) return undefined;
    this.#repeating =
      seed + 1 < this.#settings.seeds ? { column, seed: seed + 1 } : { column: column + 1, seed: 1 };
    return this.#run(column, seed);
  }

  /** Takes the output of a run, Hz. False if it only halves the step and is not part of the table. */
  finish({ column, seed }: Run, output: number): boolean {
    const { rates } = this;
    if (seed === 0) {
      const [below, here] = [rates[column - 1]!, rates[column]!];
      if (output > this.#ceilings[column - 1]! && here > below) {
        rates[column] = below + (here - below) / 2;
        return false;
      }
      const { nu_e_max, nu_e_points } = this.#settings;
      if (column + 1 < rates.length) rates[column + 1] = here + nu_e_max / nu_e_points;
      this.#climbing++;
    }
    this.outputs[column]![seed] = output;
    return true;
  }

  #run(column: number, seed: number): Run {
    return { row: this, column, nuE: this.rates[column]!, nuI: this.nuI, seed };
  }
}

/** Up to `most` runs that may run side by side, climbs first, because later runs depend on them. */
export function nextRuns(rows: readonly TableRow[], most: number): Run[] {
  const runs: Run[] = [];
  for (const row of rows) {
    const run = runs.length < most ? row.climb() : undefined;
    if (run) runs.push(run);
  }
  for (const row of rows) {
    while (runs.length < most) {
      const run = row.repeat();
      if (!run) break;
      runs.push(run);
    }
  }
  return runs;
}
