import { hostname } from "node:os";
import { performance } from "node:perf_hooks";
import { connect, distinctUntilChanged, filter, map, merge, type Observable, take, throttleTime } from "rxjs";
import type { PipelineEvent } from "../events.ts";
import type { JobUpdate } from "../jobs/job-update.ts";
import type { WorkerShare } from "../jobs/worker-shares.ts";

/** The updates of a job as events of one of the nodes that wait for it; progress is thinned to what a reader can follow. */
export const toEvents =
  (started: Extract<PipelineEvent, { event: "started" }>) =>
  (updates: Observable<JobUpdate>): Observable<PipelineEvent> => {
    const { stage } = started;
    return updates.pipe(
      connect((shared) => {
        const running = shared.pipe(filter((state) => "progress" in state));
        return merge(
          running.pipe(
            take(1),
            map(() => started),
          ),
          shared.pipe(
            filter((state) => "waitsFor" in state),
            map(({ waitsFor }) => waitsFor),
            distinctUntilChanged((one, other) => one.id === other.id),
            map((owner): PipelineEvent => ({ event: "waiting", stage, owner })),
          ),
          shared.pipe(
            filter((state) => "part" in state),
            map(({ part }): PipelineEvent => ({ event: "part", stage, ...part })),
          ),
          shared.pipe(
            filter((state) => "retried" in state),
            map(({ retried: failure, wait }): PipelineEvent => ({ event: "retry", stage, failure, wait })),
          ),
          running.pipe(
            filter(({ progress }) => progress > 0),
            throttleTime(100),
            map(({ begun, progress: fraction, points }): PipelineEvent => {
              const elapsed = (performance.now() - begun) / 1000;
              const remaining = (elapsed * (1 - fraction)) / fraction;
              return { event: "progress", stage, fraction, remaining, ...points };
            }),
          ),
          shared.pipe(
            filter((state) => "result" in state),
            map(({ executed, result, by }): PipelineEvent => {
              const { key, content, seconds } = result;
              if (!executed) return { event: "hit", stage, key, content };
              return { event: "finished", stage, key, content, seconds, ...elsewhere(by ?? [result.where]) };
            }),
          ),
        );
      }),
    );
  };

/** Who ran something, unless this process did all of it. */
function elsewhere(runners: readonly WorkerShare[]): { readonly by?: readonly WorkerShare[] } {
  if (runners.every(({ host, pid }) => host === hostname() && pid === process.pid)) return {};
  return {
    by: runners.map(({ host, pid, points }) => ({ host, pid, ...(points !== undefined && { points }) })),
  };
}
