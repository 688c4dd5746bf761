import type { ResourceLimits } from "node:worker_threads";
import type { Piscina } from "piscina";
import { WorkerLost, WorkerModuleError } from "../../errors.ts";
import { JobState } from "./job-state.ts";
import type { WorkerRequest, WorkerResponse } from "./worker-thread.ts";

/** How many threads there are, and what each is given. */
export interface ThreadExecutorOptions {
  /** How many threads there are at most; each starts when there is work for it and ends after a minute without. */
  readonly jobs: number;
  /** What the worker opens its store from, such as a folder: anything that structured clone can copy. */
  readonly data?: unknown;
  /** How much memory each thread may take; one that takes more is lost. */
  readonly resourceLimits?: ResourceLimits;
}

/** How long a thread waits for more to do, ms. */
const IDLE = 60_000;

/** The threads themselves, at most as many as there are jobs in hand. Piscina is loaded with the first job. */
export class ThreadPool {
  readonly #module: URL;
  readonly #options: ThreadExecutorOptions;
  #started: Promise<Piscina> | undefined;
  /** The orders in hand, by what ends their threads. */
  readonly #requests = new Map<AbortController, WorkerRequest>();
  #deaths = 0;
  /** What the last thread that had nothing to do died of. */
  #cause = "it ended";

  constructor(module: URL, options: ThreadExecutorOptions) {
    this.#module = module;
    this.#options = options;
  }

  /**
   * Has an order carried out; to be called for no more of them at a time than there are to be threads.
   *
   * @param end ends the thread that is at it when it is aborted
   * @throws WorkerLost where the thread came to its end, WorkerModuleError where the module is no worker
   */
  async run(order: WorkerRequest, end: AbortController): Promise<WorkerResponse> {
    this.#started ??= this.#start();
    const pool = await this.#started;
    const deaths = this.#deaths;
    this.#requests.set(end, order);
    try {
      return await pool.run(order, { filename: this.#module.href, signal: end.signal });
    } catch (thrown) {
      const { message } = thrown as Error;
      const { stage } = order.job.preImage;
      if (this.#deaths === deaths) {
        throw new WorkerModuleError(`${stage} cannot run in threads of ${this.#module.href}: ${message}`, {
          cause: thrown,
        });
      }
      const isBegun = new JobState(order.state).phase !== "queued";
      const what = isBegun
        ? `the thread that ran ${stage} is gone: ${message}`
        : `no thread could begin ${stage}: ${this.#cause}`;
      throw new WorkerLost(what, { cause: thrown });
    } finally {
      this.#requests.delete(end);
    }
  }

  async close(): Promise<void> {
    await (await this.#started)?.destroy();
  }

  async #start(): Promise<Piscina> {
    const { Piscina } = await import("piscina");
    const { jobs, data, resourceLimits } = this.#options;
    const pool = new Piscina({
      minThreads: 0,
      maxThreads: jobs,
      idleTimeout: IDLE,
      // Or a thread without work would sleep with its event loop standing still, and in it LMDB's read transaction.
      atomics: "disabled",
      recordTiming: false,
      workerData: data,
      ...(resourceLimits && { resourceLimits }),
    });
    pool.on("error", (error: Error) => {
      this.#cause = error.message;
    });
    pool.on("workerDestroy", () => {
      this.#deaths += 1;
      setImmediate(() => this.#rescue(pool));
    });
    return pool;
  }

  /** Piscina starts a thread for an order, but none in the place of one that died before it could begin. */
  #rescue(pool: Piscina): void {
    if (pool.threads.length >= this.#requests.size) return;
    for (const [end, { state }] of this.#requests) if (new JobState(state).phase === "queued") end.abort();
  }
}
