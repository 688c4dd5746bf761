import type { Json } from "./artifact.ts";
import { canonical } from "./canonical.ts";
import type { Fingerprint, PreImage } from "./key.ts";

/** Why a node has to run. */
export type Reason =
  | { readonly kind: "never-run" }
  | { readonly kind: "forced" }
  /** It was computed before, but its result is no longer in the store. */
  | { readonly kind: "evicted" }
  | { readonly kind: "parameter"; readonly path: string; readonly from?: Json; readonly to?: Json }
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
export function differences(before: PreImage, after: PreImage, files: readonly string[] = []): Reason[] {
  return [
    ...changedPaths(before.params, after.params).map((change): Reason => ({ kind: "parameter", ...change })),
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
  if (!isObject(before) || !isObject(after)) {
    return textOf(before) === textOf(after) ? [] : [{ path, from: before, to: after }];
  }
  return changed(before, after).flatMap((change) => {
    const inner = path === "" ? change.path : `${path}.${change.path}`;
    return isObject(change.from) && isObject(change.to)
      ? changedPaths(change.from, change.to, inner)
      : [{ ...change, path: inner }];
  });
}

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const textOf = (value: Json | undefined): string => (value === undefined ? "" : canonical(value));
