import { performance } from "node:perf_hooks";
import {
  fromEvent,
  ignoreElements,
  lastValueFrom,
  mergeMap,
  type Observable,
  range,
  takeUntil,
  tap,
} from "rxjs";
import type { Artifact } from "../artifact/artifact.ts";
import { type Axis, inputAt, rowOf } from "../graph/axis.ts";
import type { Assignment, Job } from "../jobs/job.ts";
import { describeResult } from "../jobs/job-result.ts";
import type { CompletedChunk, JobProgress, JobUpdate, RunJob } from "../jobs/job-update.ts";
import { WorkerShares } from "../jobs/worker-shares.ts";
import { baseOf, keyOf } from "../key/key.ts";
import type { Store } from "../store/store.ts";
import { GridAssembler } from "./grid-assembly.ts";
import { ChunkCoverage, PointIndex } from "./point-index.ts";

export interface RunGridOptions {
  /** Points a chunk. */
  readonly chunk: number;
  /** How many chunks stand in the executor's queue or run at once. */
  readonly maxInFlight: number;
}

/** How often a grid looks for what it lacks once all was there: more often it is lost as fast as it is made. */
const TRIES = 3;

/**
 * Computes a grid: finds which of its points the store has in chunks of this or other grids over the same base,
 * has the others computed in new chunks, and gathers all. A chunk that is finished stays, whatever becomes of the
 * grid; one that turns out to be damaged is computed again.
 */
export function runGrid(
  store: Store,
  { chunk, maxInFlight }: RunGridOptions,
  submit: (job: Job) => Observable<JobUpdate>,
): RunJob {
  return async (job, signal, report) => {
    const { preImage, owner } = job;
    const begin = performance.now();
    const base = baseOf(preImage);
    const index = new PointIndex(preImage);
    // Where the grid is forced, only what is computed now counts.
    const fresh = job.recompute ? new Set<string>() : undefined;
    /** Of each place whether the chunk that has its point was told of: of very many, their keys would fill memory. */
    const told = new Uint8Array(index.size);
    const runners = new WorkerShares();
    const tell = ({ key, content, points }: CompletedChunk, place: number): void => {
      if (!told[place]) report({ part: { key, content, points } });
      told[place] = 1;
    };

    for (let tries = 1; ; tries += 1) {
      const before = new ChunkCoverage(index);
      for (const part of before.storedChunks(store, base, fresh)) tell(part, part.mapping[1]!);
      const lacking = before.missing();
      if (lacking.length > 0) {
        const progress = progressReporter(lacking.length, index.size, report);
        const computed = range(0, Math.ceil(lacking.length / chunk)).pipe(
          mergeMap((number) => {
            const first = number * chunk;
            const part = chunkJob(job, base, lacking.subarray(first, first + chunk));
            const points = part.preImage.points!.rows.length;
            return submit(part).pipe(
              tap((state) => {
                if ("progress" in state) progress(first, state.progress * points);
                if (!("result" in state)) return;
                progress(first, points, true);
                if (state.executed) runners.add(state.result.where, points);
                fresh?.add(part.key);
                tell({ key: part.key, content: state.result.content, points }, lacking[first]!);
              }),
              ignoreElements(),
            );
          }, maxInFlight),
          takeUntil(fromEvent(signal, "abort")),
        );
        await lastValueFrom(computed, { defaultValue: undefined });
        signal.throwIfAborted();
      }
      const artifact = await assembleGrid(store, base, preImage.axes!, index, {
        only: fresh,
        tell,
        mayLack: tries < TRIES,
      });
      signal.throwIfAborted();
      if (!artifact) continue;
      const result = await store.commit(describeResult(job, begin, store), artifact, {
        owner,
        replace: job.recompute,
      });
      return { result, by: runners.all };
    }
  };
}

/** The job for some of a grid's points. */
function chunkJob({ stage, preImage, recompute }: Assignment, base: string, points: Uint32Array): Job {
  const { axes, inputs, ...shared } = preImage;
  const rows = Array.from(points, (point) => rowOf(axes!, point));
  const used = new Set<string>();
  const along = new Set<string>();
  axes!.forEach(({ name, of, values }, at) => {
    if (of !== "input") return;
    for (const node of values) along.add(inputAt(name, node as string));
    for (const row of rows) used.add(inputAt(name, row[at] as string));
  });
  const own = Object.entries(inputs).filter(([input]) => !along.has(input) || used.has(input));
  const chunk = {
    ...shared,
    points: { axes: axes!.map(({ name, of }) => ({ name, of })), rows },
    inputs: Object.fromEntries(own),
  };
  return { stage, key: keyOf(chunk), preImage: chunk, recompute, partOf: base };
}

/** How much of the missing points is done, and so of the grid, from how much is done of each chunk. */
function progressReporter(missing: number, total: number, report: (state: JobProgress) => void) {
  /** Of those that are under way. */
  const chunks = new Map<number, number>();
  let done = 0;
  return (chunk: number, points: number, isOver = false): void => {
    done += points - (chunks.get(chunk) ?? 0);
    if (isOver) chunks.delete(chunk);
    else chunks.set(chunk, points);
    const progress = Math.min(done / missing, 1);
    report({ progress, points: { done: total - missing + Math.floor(progress * missing), total } });
  };
}

interface AssembleOptions {
  /** The chunks that count, by their keys; all unless given. */
  readonly only: ReadonlySet<string> | undefined;
  tell(part: CompletedChunk, place: number): void;
  /** Whether chunks that are not there, or turn out to be damaged, may be computed again. */
  readonly mayLack: boolean;
}

/** The whole grid, put together chunk by chunk; undefined where some was lost, if that is not to be an error. */
async function assembleGrid(
  store: Store,
  base: string,
  axes: readonly Axis[],
  places: PointIndex,
  { only, tell, mayLack }: AssembleOptions,
): Promise<Artifact | undefined> {
  const assembler = new GridAssembler(axes);
  const cover = new ChunkCoverage(places);
  for (const part of cover.storedChunks(store, base, only)) {
    tell(part, part.mapping[1]!);
    const { content, mapping: placed } = part;
    try {
      assembler.put(await store.load(content), placed);
    } catch (thrown) {
      if (mayLack && !store.has(content)) return undefined;
      throw thrown;
    }
  }
  const { length } = cover.missing();
  if (length === 0) return assembler.whole();
  if (mayLack) return undefined;
  throw new Error(`${length} points were computed, but the store does not have them; run again`);
}
