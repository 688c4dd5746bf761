import { performance } from "node:perf_hooks";
import {
  from,
  fromEvent,
  ignoreElements,
  lastValueFrom,
  mergeMap,
  type Observable,
  takeUntil,
  tap,
} from "rxjs";
import type { Artifact } from "./artifact.ts";
import { resultOf } from "./computation.ts";
import type { Assignment, Job } from "./executor.ts";
import { type Axis, baseOf, inputAt, rowOf } from "./grid.ts";
import { keyOf } from "./key.ts";
import { type Held, Places, survey } from "./places.ts";
import { Gathering } from "./stack.ts";
import type { Store } from "./store.ts";
import type { Flight, Part, Progress, Work } from "./tenure.ts";

export interface GridWorkOptions {
  /** Points a chunk. */
  readonly chunk: number;
  /** How many chunks stand in the executor's queue or run at once. */
  readonly atOnce: number;
}

/** How often a grid looks for what it lacks once all was there: more often it is lost as fast as it is made. */
const TRIES = 3;

/**
 * Computes a grid: finds which of its points the store has in chunks of this or other grids over the same base,
 * has the others computed in new chunks, and gathers all. A chunk that is finished stays, whatever becomes of the
 * grid; one that turns out to be damaged is computed again.
 */
export function gridWork(
  store: Store,
  { chunk, atOnce }: GridWorkOptions,
  launch: (job: Job) => Observable<Flight>,
): Work {
  return async (job, signal, report) => {
    const { preImage, owner } = job;
    const begin = performance.now();
    const base = baseOf(preImage);
    const places = new Places(preImage);
    // Where the grid is forced, only what is computed now counts.
    const fresh = job.again ? new Set<string>() : undefined;
    const told = new Set<string>();
    const tell = ({ key, content, points }: Part): void => {
      if (!told.has(key)) report({ part: { key, content, points } });
      told.add(key);
    };

    for (let tries = 1; ; tries += 1) {
      let { held, missing } = survey(store, base, places, fresh);
      for (const part of held) tell(part);
      if (missing.length > 0) {
        const progress = progressOf(missing.length, places.size, report);
        const firsts = Array.from({ length: Math.ceil(missing.length / chunk) }, (_, at) => at * chunk);
        const lacking = missing;
        const computed = from(firsts).pipe(
          mergeMap((first) => {
            const part = chunkOf(job, base, lacking.slice(first, first + chunk));
            const points = part.preImage.points!.rows.length;
            return launch(part).pipe(
              tap((state) => {
                if ("progress" in state) progress(first, state.progress * points);
                if (!("result" in state)) return;
                progress(first, points);
                fresh?.add(part.key);
                tell({ key: part.key, content: state.result.content, points });
              }),
              ignoreElements(),
            );
          }, atOnce),
          takeUntil(fromEvent(signal, "abort")),
        );
        await lastValueFrom(computed, { defaultValue: undefined });
        signal.throwIfAborted();
        ({ held, missing } = survey(store, base, places, fresh));
      }
      if (missing.length > 0 && tries >= TRIES) {
        throw new Error(
          `${missing.length} points were computed, but the store does not have them; run again`,
        );
      }
      const artifact =
        missing.length === 0 ? await gathered(store, preImage.axes!, held, tries < TRIES) : undefined;
      signal.throwIfAborted();
      if (artifact) return store.commit(resultOf(job, begin, store), artifact, { owner, replace: job.again });
    }
  };
}

/** The job for some of a grid's points. */
function chunkOf({ stage, preImage, again }: Assignment, base: string, points: readonly number[]): Job {
  const { axes, inputs, ...shared } = preImage;
  const rows = points.map((point) => rowOf(axes!, point));
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
  return { stage, key: keyOf(chunk), preImage: chunk, again, partOf: base };
}

/** How much of the missing points is done, and so of the grid, from how much is done of each chunk. */
function progressOf(missing: number, total: number, report: (state: Progress) => void) {
  const chunks = new Map<number, number>();
  let done = 0;
  return (chunk: number, points: number): void => {
    done += points - (chunks.get(chunk) ?? 0);
    chunks.set(chunk, points);
    const progress = Math.min(done / missing, 1);
    report({ progress, points: { done: total - missing + Math.floor(progress * missing), total } });
  };
}

/** The whole grid; undefined where a chunk was lost, if that is not to be an error. */
async function gathered(
  store: Store,
  axes: readonly Axis[],
  held: readonly Held[],
  mayLack: boolean,
): Promise<Artifact | undefined> {
  const gathering = new Gathering(axes);
  for (const { content, places } of held) {
    try {
      gathering.put(await store.load(content), places);
    } catch (thrown) {
      if (mayLack && !store.has(content)) return undefined;
      throw thrown;
    }
  }
  return gathering.whole();
}
