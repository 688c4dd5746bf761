import { baseOf } from "../pipeline/inspect.ts";
import type { LiveSet, Result } from "../pipeline/testing.ts";
import { History, type Run } from "./history.ts";
import { Leases } from "./leases.ts";
import { Pins } from "./pins.ts";
import { Retentions } from "./retentions.ts";
import { rowsOf } from "./rows.ts";
import type { Tables } from "./tables.ts";

/** What is to be kept beside what is pinned and what runs under way need. */
export interface Keep {
  /** What the current plan needs. */
  readonly liveSet?: LiveSet;
  /** The last so many runs keep all their results; 10 unless given. */
  readonly runs?: number;
}

/**
 * The contents that must stay: of pins, of the current plan, of runs and executions under way, of the last runs.
 *
 * @param results all of the store
 * @param now the store's clock
 */
export function reachable(
  tables: Tables,
  results: readonly Result[],
  { liveSet, runs = 10 }: Keep,
  now: () => number,
): Set<string> {
  const tenants = new Retentions(tables.tenants, now).living();
  const needs = [...tenants.map((tenant) => tenant.need), ...(liveSet ? [liveSet] : [])];
  const pins = new Pins(tables).all();
  const last = new History(tables).last(runs).flatMap(({ stages }) => stages);
  const keys = new Set([
    ...new Leases(tables.leases, now).living(),
    ...needs.flatMap((each) => each.keys),
    ...[...pins, ...last].flatMap(({ key }) => key ?? []),
  ]);
  const contents = new Set([
    ...needs.flatMap((each) => each.contents),
    ...[...pins, ...last].flatMap(({ content }) => content ?? []),
  ]);
  const stages = new Set(needs.flatMap((each) => each.stages));
  for (const { key, content, preImage } of results) {
    if (keys.has(key) || stages.has(preImage.stage)) contents.add(content);
  }
  return contents;
}

/**
 * When each content was last an outcome of a run, and each base of grids that of one of them, as far back as the
 * history goes; ISO 8601.
 */
export function lastUses({ runs }: Pick<Tables, "runs">, results: readonly Result[]): Map<string, string> {
  const bases = new Map(
    results.flatMap(({ key, preImage }) => (preImage.axes ? [[key, baseOf(preImage)] as const] : [])),
  );
  const uses = new Map<string, string>();
  for (const { end, stages } of rowsOf<Run>(runs)) {
    for (const { key, content } of stages) {
      if (content !== undefined) uses.set(content, end);
      const base = bases.get(key ?? "");
      if (base !== undefined) uses.set(base, end);
    }
  }
  return uses;
}
