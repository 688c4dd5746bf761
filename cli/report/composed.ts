import { setImmediate } from "node:timers/promises";
import { encodeCsv, tableOf } from "../../data/csv.ts";
import type { StageOutput } from "../../figures/index.ts";
import type { Artifact, StageNode } from "../../pipeline/index.ts";
import { ancestors } from "../../pipeline/inspect.ts";
import type { Options } from "../options.ts";
import { fileOf, labelled } from "../output/labelled.ts";
import { commandLine } from "../session/command-line.ts";
import type { Execution } from "../session/execution.ts";
import type { Session } from "../session/session.ts";
import type { Contents } from "./contents.ts";
import { drawingsOf } from "./drawings.ts";
import { factsOf, versionsOf } from "./facts.ts";
import { pageWithin } from "./page-within.ts";
import { provenanceJson } from "./provenance.ts";

/** Bytes: mail and browsers take it, and a reader can wait for it. */
const most = 4_900_000;

/**
 * The files of a report, by their paths in its folder, the page first.
 *
 * @param execution of these targets
 * @throws what the signal says, soon after it is given
 */
export async function composed(
  session: Session,
  targets: readonly StageNode[],
  execution: Execution,
  options: Options,
  signal: AbortSignal,
): Promise<Map<string, Uint8Array | string>> {
  const { store, configuration, origins } = session;
  const nodes = ancestors(targets).filter((node) => node.kind === "stage");
  const endings = new Map(execution.endings.map((ending) => [ending.stage, ending]));
  const stages = factsOf(nodes, endings, store);
  const results = new Map<string, StageOutput & { artifact: Artifact }>();
  for (const { name, params } of nodes) {
    const ending = endings.get(name);
    if (ending && "content" in ending)
      results.set(name, { artifact: await store.load(ending.content), params });
  }
  const turn = async () => {
    await setImmediate();
    signal.throwIfAborted();
  };
  const drawings = await drawingsOf(
    nodes.map(({ name }) => name),
    results,
    turn,
  );
  const contents: Contents = {
    ...{ configuration, origins, stages, drawings },
    artifacts: new Map([...results].map(([name, { artifact }]) => [name, artifact])),
    warnings: [...execution.warnings, ...execution.failures.map(({ message }) => message)],
    versions: versionsOf(stages, store),
    command: commandLine(["report", ...options.names], options),
  };
  const files = new Map<string, Uint8Array | string>();
  files.set("report.html", await pageWithin(most, contents));
  files.set("provenance.json", provenanceJson(contents));
  for (const drawing of drawings.filter(({ missing }) => missing.length === 0)) {
    await turn();
    files.set(`svg/light/${fileOf(drawing.name, "svg")}`, drawing.light);
    files.set(`svg/dark/${fileOf(drawing.name, "svg")}`, drawing.dark);
    files.set(`png/${fileOf(drawing.name, "png")}`, await drawing.png);
  }
  for (const stage of new Set(drawings.flatMap(({ stages }) => stages))) {
    await turn();
    files.set(`csv/${fileOf(stage, "csv")}`, encodeCsv(tableOf(labelled(results.get(stage)!.artifact))));
  }
  return files;
}
