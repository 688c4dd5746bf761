import type { Assignment } from "../../pipeline/executors.ts";
import type { Executor, Fingerprint, Stage } from "../../pipeline/index.ts";
import { sameCode } from "../../pipeline/inspect.ts";
import type { Result } from "../../pipeline/testing.ts";
import type { Code } from "../configuration/code.ts";

/** An executor for one state of the code. */
interface Generation {
  readonly code: Code;
  readonly executor: Executor;
  /** How many jobs it is at. */
  busy: number;
  isRetired: boolean;
}

/**
 * An executor for each state of the code. A job runs where the code is what its key says: what began before a change
 * goes on as it was, and what is the same before and after it is at home in both.
 */
export class Executors implements Executor {
  readonly #make: (code: Code) => Executor;
  /** The newest last. */
  #generations: Generation[] = [];
  readonly #closing = new Set<Promise<void>>();

  constructor(make: (code: Code) => Executor) {
    this.#make = make;
  }

  /** From now on this is the newest code. */
  add(code: Code): void {
    if (this.#generations.at(-1)?.code === code) return;
    this.#generations.push({ code, executor: this.#make(code), busy: 0, isRetired: false });
  }

  /** Nothing is planned with older code than this any more: its executors are closed when they have nothing to do. */
  retireBefore(code: Code): void {
    const at = this.#generations.findLastIndex((generation) => generation.code === code);
    for (const generation of this.#generations.slice(0, at)) {
      generation.isRetired = true;
      this.#closeIfDone(generation);
    }
  }

  /** The fingerprint of a stage, by the code that it is of. */
  fingerprint(stage: Stage): Fingerprint {
    const own = this.#generations.findLast(({ code }) => code.stages.some((known) => known === stage));
    return (own ?? this.#generations.at(-1)!).code.fingerprint(stage);
  }

  async execute(job: Assignment, signal: AbortSignal, progress: (fraction: number) => void): Promise<Result> {
    const generation = this.#generations.findLast(({ code }) => isPlannedWith(code, job));
    // Nobody waits for such a job: the revision that it was of has been replaced.
    if (!generation) throw new TypeError(`the code with which ${job.preImage.stage} was planned is gone`);
    generation.busy += 1;
    try {
      return await generation.executor.execute(job, signal, progress);
    } finally {
      generation.busy -= 1;
      this.#closeIfDone(generation);
    }
  }

  async close(): Promise<void> {
    const open = this.#generations.splice(0).map(({ executor }) => executor.close());
    await Promise.all([...this.#closing, ...open]);
  }

  #closeIfDone(generation: Generation): void {
    const at = this.#generations.indexOf(generation);
    if (!generation.isRetired || generation.busy > 0 || at < 0) return;
    this.#generations.splice(at, 1);
    const closing = generation.executor.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}

/** Whether a job was planned with the code of its stage as it is here. */
function isPlannedWith(code: Code, { stage: id, preImage }: Assignment): boolean {
  const stage = code.stages.find((known) => known.id === id);
  return stage !== undefined && sameCode(preImage, code.fingerprint(stage));
}
