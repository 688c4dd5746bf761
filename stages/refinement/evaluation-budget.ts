import { isZero, type Point, pointAt } from "../numerics/optimisation/box-gauss-newton.ts";
import type { Compared, Objective, WholeReaches } from "./objective.ts";

/**
 * A trial beside the recording: its differences at its own peak, the time of that peak (ms), and those at any other.
 */
export interface Simulated {
  readonly point: Point;
  readonly peak: number;
  at(peak: number): Point;
}

/** Counts simulations up to a limit, and keeps the best unrelaxed trial. */
export class EvaluationBudget {
  readonly landscape: Objective;
  /** Number of simulations that are kept for later. */
  kept = 0;
  readonly #limit: number;
  readonly #progress: (simulations: number) => Promise<void>;
  readonly #trace: number[] = [];
  #best: Point | undefined;

  /** @param progress called before each simulation with the number of earlier ones */
  constructor(objective: Objective, limit: number, progress: (simulations: number) => Promise<void>) {
    this.landscape = objective;
    this.#limit = limit;
    this.#progress = progress;
  }

  get left(): number {
    return this.#limit - this.kept - this.#trace.length;
  }

  /** Smallest residual so far, after each simulation. */
  get trace(): readonly number[] {
    return this.#trace;
  }

  /** The first of the smallest. */
  get best(): Point {
    if (!this.#best) throw new RangeError("there was no trial");
    return this.#best;
  }

  /** Whether there is anything left to gain, and simulations for it. */
  get canGoOn(): boolean {
    return this.left > 0 && !isZero(this.best);
  }

  /** An unrelaxed trial. */
  async trial(x: Float64Array): Promise<Simulated> {
    const simulated = await this.#simulated(x, () => this.landscape.trial(x));
    if (!this.#best || simulated.point.value < this.#best.value) this.#best = simulated.point;
    this.#trace.push(this.#best.value);
    return simulated;
  }

  /** A trial without jumps (`Objective.relaxed`). */
  async relaxed(x: Float64Array, whole?: WholeReaches): Promise<Simulated> {
    const simulated = await this.#simulated(x, () => this.landscape.relaxed(x, whole));
    this.#trace.push(this.best.value);
    return simulated;
  }

  async #simulated(x: Float64Array, compare: () => Compared): Promise<Simulated> {
    await this.#progress(this.#trace.length);
    const { peak, differences } = compare();
    const point = pointAt(x, differences(peak));
    return { point, peak, at: (other) => (other === peak ? point : pointAt(x, differences(other))) };
  }
}
