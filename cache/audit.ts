import { setImmediate } from "node:timers/promises";
import type { Artifact, Executor, Failure, StageNode, Store } from "../pipeline/index.ts";
import { baseOf, failureOf } from "../pipeline/inspect.ts";
import { newLeaseHolder, type Result } from "../pipeline/testing.ts";
import { encode } from "./codec.ts";
import { type ArtifactDifference, diffArtifacts, isEqual } from "./diff.ts";

/** A result to be computed once more, by the stage of this id. */
export interface Suspect {
  readonly id: string;
  readonly result: Result;
}

/** What is to be computed once more of a node: its result or, of a grid, the chunks that it was gathered from. */
export function suspectsOf({ stage }: StageNode, key: string, store: Store): Suspect[] {
  const result = store.result(key)!;
  const isWhole = result.preImage.axes === undefined;
  const keys = isWhole ? [key] : store.parts(baseOf(result.preImage));
  return keys.flatMap((each) =>
    store.lookup(each) === undefined ? [] : [{ id: stage.id, result: store.result(each)! }],
  );
}

/** What computing a result once more has shown. */
export type AuditFinding = {
  readonly stage: string;
  readonly key: string;
} & (
  | {
      /** "equal": every bit. */
      readonly outcome: "equal" | "different";
      /** How long it ran this time. */
      readonly seconds: number;
      readonly difference: ArtifactDifference;
    }
  /** It failed this time. */
  | { readonly outcome: "failed"; readonly failure: Failure }
  /** Its artifact or one of its inputs is not stored any more. */
  | { readonly outcome: "unknown"; readonly lacks: readonly string[] }
);

/**
 * Computes results once more from their stored inputs and compares, bit by bit; nothing is written over. In the
 * order given, each when it is asked for.
 *
 * @param executorOn makes an executor that reads from, and commits to, the store it is given
 */
export async function* audit(
  store: Store,
  suspects: readonly Suspect[],
  executorOn: (store: Store) => Executor,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<AuditFinding> {
  const made = new Map<string, Artifact>();
  const executor = executorOn(shadowOf(store, made));
  try {
    for (const { id, result } of suspects) {
      signal.throwIfAborted();
      await setImmediate();
      yield await findingOf(id, result, store, executor, made, signal);
    }
  } finally {
    await executor.close();
  }
}

async function findingOf(
  id: string,
  { key, content, preImage }: Result,
  store: Store,
  executor: Executor,
  made: Map<string, Artifact>,
  signal: AbortSignal,
): Promise<AuditFinding> {
  const { stage } = preImage;
  const lacks = Object.entries(preImage.inputs).flatMap(([name, input]) => (store.has(input) ? [] : [name]));
  if (!store.has(content)) return { stage, key, outcome: "unknown", lacks: ["its artifact", ...lacks] };
  if (lacks.length > 0) return { stage, key, outcome: "unknown", lacks };
  try {
    const job = { stage: id, key, preImage, recompute: true, owner: newLeaseHolder() };
    const { seconds } = await executor.execute(job, signal, () => {});
    const difference = diffArtifacts(await store.load(content), made.get(key)!);
    return { stage, key, outcome: isEqual(difference) ? "equal" : "different", seconds, difference };
  } catch (thrown) {
    signal.throwIfAborted();
    return { stage, key, outcome: "failed", failure: failureOf(thrown) };
  } finally {
    made.delete(key);
  }
}

/** The store as it is read; what is committed is kept aside. */
function shadowOf(store: Store, made: Map<string, Artifact>): Store {
  const commit: Store["commit"] = async (result, artifact) => {
    made.set(result.key, artifact);
    return { ...result, content: encode(artifact).content };
  };
  return new Proxy(store, {
    get(target, name) {
      if (name === "commit") return commit;
      const own: unknown = Reflect.get(target, name);
      return typeof own === "function" ? own.bind(target) : own;
    },
  });
}
