import { limitSize } from "../../cache/index.ts";
import type { Artifact, Node, StageNode, TerminalEvent } from "../../pipeline/index.ts";
import { liveSetOf } from "../../pipeline/inspect.ts";
import { hasResults, resultRows } from "../inspect/results.ts";
import type { Options } from "../options.ts";
import { print, tell } from "../output/print.ts";
import { collectionText } from "../present/collection.ts";
import { resultsText } from "../present/results.ts";
import type { Session } from "../session/session.ts";
import { dependentsOf } from "../session/targets.ts";

/** What is to be run, and what of it whatever is known. */
export function orderOf(
  { targets: matching }: Pick<Session, "targets">,
  { names, force, forceDependents }: Pick<Options, "names" | "force" | "forceDependents">,
): { readonly targets: readonly StageNode[]; readonly forced: ReadonlySet<Node> } {
  const named = matching(names);
  if (!forceDependents) return { targets: named, forced: new Set(force ? named : []) };
  const targets = [...named, ...dependentsOf(named, matching([]))];
  return { targets, forced: new Set(targets) };
}

/** The limit asked for, as far as what was just computed, pins and other runs leave room. */
export async function keepWithin(
  maxBytes: number,
  targets: readonly Node[],
  session: Session,
): Promise<void> {
  const liveSet = liveSetOf(await session.plan(targets));
  const collection = await limitSize(session.store, maxBytes, { liveSet });
  if (collection) tell(collectionText(collection, false));
}

export async function printResults({ configuration, store }: Session, endings: readonly TerminalEvent[]) {
  const artifacts = new Map<string, Artifact>();
  for (const ending of endings) {
    if (!("content" in ending) || !hasResults(ending.stage)) continue;
    artifacts.set(ending.stage, await store.load(ending.content));
  }
  const rows = resultRows(artifacts, configuration);
  if (rows.length > 0) print(`\n${resultsText(rows, configuration)}`);
}
