/** What a function of differences is at a point: a sum of squares is minimised. */
export interface Sampled {
  readonly x: Float64Array;
  readonly differences: Float64Array;
  /** Σ differences²; infinite where that is no number. */
  readonly value: number;
}

/** Where the mean square is less than this, the function is as good as zero, and there is nothing to gain. */
const negligible = 1e-20;

/** Counts evaluations of a function up to a limit, and keeps the best of them. */
export class Samples {
  readonly #differencesAt: (x: Float64Array) => Promise<Float64Array>;
  readonly #limit: number;
  readonly #trace: number[] = [];
  #best: Sampled | undefined;

  constructor(differencesAt: (x: Float64Array) => Promise<Float64Array>, limit: number) {
    this.#differencesAt = differencesAt;
    this.#limit = limit;
  }

  /** Smallest value so far, after each evaluation. */
  get trace(): readonly number[] {
    return this.#trace;
  }

  get left(): number {
    return this.#limit - this.#trace.length;
  }

  /** The first of the smallest. */
  get best(): Sampled {
    if (!this.#best) throw new RangeError("nothing has been evaluated");
    return this.#best;
  }

  /** Whether nothing is left to gain. */
  get isExact(): boolean {
    const { value, differences } = this.best;
    return value < negligible * differences.length;
  }

  async at(x: Float64Array): Promise<Sampled> {
    if (this.left <= 0) throw new RangeError(`the ${this.#limit} evaluations are used up`);
    const differences = await this.#differencesAt(x);
    const sum = differences.reduce((total, difference) => total + difference * difference, 0);
    const sampled = { x, differences, value: Number.isNaN(sum) ? Number.POSITIVE_INFINITY : sum };
    if (!this.#best || sampled.value < this.#best.value) this.#best = sampled;
    this.#trace.push(this.#best.value);
    return sampled;
  }
}
