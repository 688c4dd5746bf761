/** A process that ran a stage or, of a grid, so many of its points. */
export interface WorkerShare {
  readonly host: string;
  readonly pid: number;
  readonly points?: number;
}

/** The process of many that did most comes first. */
export class WorkerShares {
  readonly #points = new Map<string, { readonly host: string; readonly pid: number; points: number }>();

  /** Some points of a grid were computed by a process. */
  add({ host, pid }: WorkerShare, points: number): void {
    const id = `${host} ${pid}`;
    const known = this.#points.get(id);
    if (known) known.points += points;
    else this.#points.set(id, { host, pid, points });
  }

  get all(): WorkerShare[] {
    return [...this.#points.values()].sort((one, other) => other.points - one.points);
  }
}

/** "by process 12 on node3", "by 4 processes on 2 hosts" */
export function workerSharesText(by: readonly WorkerShare[]): string {
  const [first] = by;
  if (first && by.length === 1) return `by process ${first.pid} on ${first.host}`;
  const hosts = new Set(by.map(({ host }) => host));
  return `by ${by.length} processes on ${hosts.size === 1 ? first?.host : `${hosts.size} hosts`}`;
}
