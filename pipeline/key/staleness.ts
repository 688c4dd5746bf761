import type { Json } from "../artifact/artifact.ts";
import { canonical } from "../artifact/canonical.ts";
import { isRecord } from "../artifact/parameter-paths.ts";
import { textsOf } from "../graph/axis.ts";
import type { Fingerprint, PreImage } from "./key.ts";

/** Why a node has to run. */
export type Reason =
  | { readonly kind: "never-run" }
  | { readonly kind: "forced" }
  /** It was computed before, but its result is no longer in the store. */
  | { readonly kind: "evicted" }
  | { readonly kind: "parameter"; readonly path: string; readonly from?: Json; readonly to?: Json }
  /** An axis of a grid has other values than it had: how many are new, and how many are no longer there. */
  | { readonly kind: "axis"; readonly axis: string; readonly added: number; readonly removed: number }
  | { readonly kind: "input"; readonly input: string; readonly from?: string; readonly to?: string }
  /** `files` where it is known which. */
  | { readonly kind: "code"; readonly files?: readonly string[] }
  | { readonly kind: "kernels" }
  | { readonly kind: "package"; readonly name: string; readonly from?: string; readonly to?: string }
  /** Its inputs are not known before these nodes have run. */
  | { readonly kind: "upstream"; readonly nodes: readonly string[] };

/**
 * One predicate a reason: what differs between two pre-images of one node. Both "run" and "why" ask here.
 *
 * @param files those of the code that changed, where it did and they are known
 */
export function explain(before: PreImage, after: PreImage, files: readonly string[] = []): Reason[] {
  return [
    ...changedPaths(before.params, after.params).map((change): Reason => ({ kind: "parameter", ...change })),
    ...changedAxes(before.axes, after.axes),
    ...changed(before.inputs, after.inputs).map(
      ({ path, ...ends }): Reason => ({ kind: "input", input: path, ...ends }),
    ),
    ...(before.code === after.code
      ? []
      : [files.length > 0 ? ({ kind: "code", files } as const) : ({ kind: "code" } as const)]),
    ...(before.kernels === after.kernels ? [] : [{ kind: "kernels" } as const]),
    ...changed(before.packages ?? {}, after.packages ?? {}).map(
      ({ path, ...ends }): Reason => ({ kind: "package", name: path, ...ends }),
    ),
  ];
}

/** The axes with other values, or in another order. */
function changedAxes(before: PreImage["axes"] = [], after: PreImage["axes"] = []): Reason[] {
  const names = [...new Set([...before, ...after].map(({ name }) => name))];
  const placeOf = (axes: typeof before, name: string) => axes.findIndex((axis) => axis.name === name);
  return names.flatMap((name): Reason[] => {
    const [old, now] = [before, after].map((axes) =>
      textsOf(axes.find((axis) => axis.name === name)?.values ?? []),
    ) as [readonly string[], readonly string[]];
    if (old.join() === now.join() && placeOf(before, name) === placeOf(after, name)) return [];
    const [oldSet, nowSet] = [new Set(old), new Set(now)];
    const added = now.filter((value) => !oldSet.has(value)).length;
    return [{ kind: "axis", axis: name, added, removed: old.filter((value) => !nowSet.has(value)).length }];
  });
}

/** The files that were added, removed or changed; none where either side is not known. */
export const changedFiles = (before: Fingerprint["files"], after: Fingerprint["files"]): string[] =>
  before && after ? changed(before, after).map(({ path }) => path) : [];

/** A leaf at which two JSON values differ; an end that is absent was not there. */
export interface Change<T> {
  readonly path: string;
  readonly from?: T;
  readonly to?: T;
}

function changed<T extends Json>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
): Change<T>[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .filter((name) => textOf(before[name]) !== textOf(after[name]))
    .map((path) => ({
      path,
      ...(before[path] !== undefined && { from: before[path] }),
      ...(after[path] !== undefined && { to: after[path] }),
    }));
}

/** The leaves at which two parameter objects differ, by dotted path; lists count as leaves. */
export function changedPaths(before: Json, after: Json, path = ""): Change<Json>[] {
  if (!isRecord(before) || !isRecord(after)) {
    return textOf(before) === textOf(after) ? [] : [{ path, from: before, to: after }];
  }
  return changed(before, after).flatMap((change) => {
    const inner = path === "" ? change.path : `${path}.${change.path}`;
    return isRecord(change.from) && isRecord(change.to)
      ? changedPaths(change.from, change.to, inner)
      : [{ ...change, path: inner }];
  });
}

const textOf = (value: Json | undefined): string => (value === undefined ? "" : canonical(value));
