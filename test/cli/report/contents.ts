import { configure, layerOfSet } from "../../../cli/configuration/configuration.ts";
import type { Contents, StageFacts } from "../../../cli/report/contents.ts";
import { drawingsOf } from "../../../cli/report/drawings.ts";
import type { StageOutput } from "../../../figures/index.ts";
import type { Artifact } from "../../../pipeline/index.ts";
import { results } from "../../figures/artifacts.ts";

const settings = configure([layerOfSet("ring.v_c=50")]);
export const made = results();
export const hash = "0123456789abcdef".repeat(4);

export const factsOf = (name: string): StageFacts => ({
  name,
  made: {
    ...{ key: hash, content: hash, seconds: 0.25, at: "2025-01-31T12:05:00.123Z" },
    ...{ host: "here", node: "v20.19.0", run: "20250131-120512.847-3fa9c1" },
  },
});

/** What a report tells, of artifacts of every kind unless others are given. */
export async function contentsOf(
  all: ReadonlyMap<string, StageOutput> = made,
  stages: readonly StageFacts[] = [...all.keys()].map(factsOf),
): Promise<Contents> {
  const names = stages.map(({ name }) => name);
  const drawings = await drawingsOf(names, all, async () => {});
  return {
    ...settings,
    ...{ stages, drawings, warnings: [] },
    artifacts: new Map([...all].map(([name, { artifact }]) => [name, artifact as Artifact])),
    versions: { mesoflow: "0.1.0", kernels: [hash], packages: { zod: "4.0.0" }, asked: ["zod"] },
    command: "mesoflow report --set ring.v_c=50",
  };
}
