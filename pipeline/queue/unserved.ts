import type { Fault } from "../errors.ts";
import type { StoreIdentity } from "./artifact-exchange.ts";
import { partsOfQueue } from "./messages.ts";
import type { Offer } from "./worker-options.ts";

/** Why nobody takes the jobs of a queue. */
export interface Unserved {
  readonly sentence: string;
  readonly fault?: Fault;
  /** Sentences about the same need not be said again. */
  readonly about: string;
}

/**
 * Why nobody takes the jobs of a queue; undefined where some worker takes them and is busy.
 *
 * @param own the content store of the run
 * @param offers what the workers say that are present
 */
export function unserved(queue: string, own: StoreIdentity, offers: readonly Offer[]): Unserved | undefined {
  if (offers.some(({ queues }) => queues.includes(queue))) return undefined;
  if (offers.length === 0) {
    const sentence = "No worker takes jobs.";
    return { sentence, fault: { what: "executor", reason: "unused" }, about: sentence };
  }
  const { stage, code } = partsOfQueue(queue);
  const able = offers.filter(({ queues }) => queues.some((other) => partsOfQueue(other).code === code));
  if (able.length === 0) {
    const others = offers.length === 1 ? "one has" : `${offers.length} have`;
    const sentence = `No worker has this version of ${stage}'s code; ${others} another, and no job of it goes there.`;
    return { sentence, about: sentence };
  }
  const stores = [...new Map(able.map(({ shares }) => [shares.id, shares])).values()];
  const groups = stores.map(({ id, name }) => {
    const workers = able.filter(({ shares }) => shares.id === id);
    const hosts = listed([...new Set(workers.map(({ host }) => host))]);
    const share = workers.length === 1 ? `one on ${hosts} shares` : `${workers.length} on ${hosts} share`;
    return `${share} by ${name}`;
  });
  return {
    sentence: `No worker with this code shares by ${own.name}, as this run does: ${listed(groups)}.`,
    fault: { what: "executor", reason: "shares-elsewhere" },
    about: stores
      .map(({ id }) => id)
      .sort()
      .join(" "),
  };
}

/** At most so many are named. */
const NAMED = 3;

function listed(all: readonly string[]): string {
  const rest = all.length - NAMED;
  return [...all.slice(0, NAMED), ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
}
