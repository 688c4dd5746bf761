import { History, type LocalStore } from "../../cache/index.ts";
import type { StageNode, TerminalEvent } from "../../pipeline/index.ts";
import { listed } from "../configuration/parameter-schema.ts";
import { dependencies, version } from "../version.ts";
import type { StageFacts, Versions } from "./contents.ts";

/** How stages' results came to be, or why there are none. */
export function factsOf(
  nodes: readonly StageNode[],
  endings: ReadonlyMap<string, TerminalEvent>,
  store: LocalStore,
): StageFacts[] {
  const runs = runsIn(store);
  return nodes.map(({ name }) => {
    const ending = endings.get(name);
    if (!ending || !("content" in ending)) return { name, missing: whyMissing(ending) };
    const { key, content } = ending;
    const { seconds, at, where } = store.result(key)!;
    const { host, node } = where;
    return { name, made: { key, content, seconds, at, host, node, ...runs.get(key) } };
  });
}

function whyMissing(ending: TerminalEvent | undefined): string {
  switch (ending?.event) {
    case "failed":
      return `failed: ${ending.failure.message}`;
    case "blocked":
      return `has no result, as it needs ${listed(ending.by, "and")}, which failed`;
    default:
      return "was not computed, as the run ended at a failure before";
  }
}

type Ran = Pick<NonNullable<StageFacts["made"]>, "run" | "by">;

/** The last run that computed each result, by its key, and whom it left it to. */
function runsIn({ tables }: LocalStore): Map<string, Ran> {
  const computed = new Map<string, Ran>();
  for (const { id, stages } of new History(tables).runs()) {
    for (const { key, ending, by } of stages) {
      if (key !== undefined && ending === "finished") computed.set(key, { run: id, ...(by && { by }) });
    }
  }
  return computed;
}

/** What the results were computed with. */
export function versionsOf(stages: readonly StageFacts[], store: LocalStore): Versions {
  const images = stages.flatMap(({ made }) => (made ? (store.result(made.key)?.preImage ?? []) : []));
  const packages = images.flatMap(({ packages = {} }) => Object.entries(packages));
  packages.sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    mesoflow: version(),
    kernels: [...new Set(images.flatMap(({ kernels }) => kernels ?? []))],
    packages: Object.fromEntries(packages),
    asked: dependencies().filter((name) => packages.some(([used]) => used === name)),
  };
}
