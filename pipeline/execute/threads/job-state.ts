/** Where a job stands. */
const phases = [
  /** No thread has begun it. */
  "queued",
  /** In the store, between transactions of which none may be torn: its thread is left alone. */
  "store",
  /** The stage's own code runs: its thread may be ended at any moment. */
  "stage",
  /** What it made is being written: it comes to its end, whoever aborts it now. */
  "commit",
  /** It writes nothing any more. */
  "aborted",
] as const;
export type Phase = (typeof phases)[number];

/**
 * What the thread that waits for a job and the thread that is at it both see: where it stands and how far it is.
 * Each step is one compare-and-exchange, so of an abort and a commit exactly one comes about.
 */
export class JobState {
  readonly buffer: SharedArrayBuffer;
  readonly #phase: Int32Array;
  readonly #fraction: Float64Array;

  /** @param buffer that of the other thread; a job that is queued unless given */
  constructor(buffer = new SharedArrayBuffer(16)) {
    this.buffer = buffer;
    this.#phase = new Int32Array(buffer, 0, 1);
    this.#fraction = new Float64Array(buffer, 8, 1);
  }

  get phase(): Phase {
    return phases[Atomics.load(this.#phase, 0)]!;
  }

  /** The fraction that is done, 0 to 1. */
  get progress(): number {
    return this.#fraction[0]!;
  }

  set progress(fraction: number) {
    this.#fraction[0] = fraction;
  }

  /** Goes from one phase to another; false where the job is not in the first. */
  step(from: Phase, to: Phase): boolean {
    const expected = phases.indexOf(from);
    return Atomics.compareExchange(this.#phase, 0, expected, phases.indexOf(to)) === expected;
  }

  /** Aborts the job unless it is being written. Tells the phase in which it was. */
  abort(): Phase {
    for (;;) {
      const { phase } = this;
      if (phase === "commit" || phase === "aborted" || this.step(phase, "aborted")) return phase;
    }
  }
}
