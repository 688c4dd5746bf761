import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { memoryStore } from "../../cache/index.ts";
import { exampleRecording } from "../../data/example.ts";
import { figuresOf, type StageOutput } from "../../figures/index.ts";
import { Engine } from "../../pipeline/index.ts";
import { configurationSchema } from "../../stages/configuration.ts";
import { cortex } from "../../stages/cortex.ts";
import { stages } from "../../stages/registry.ts";
import { look, unreadable } from "./drawing.ts";

/** The whole pipeline on the bundled recording, with less of everything. */
const graph = cortex(
  configurationSchema.parse({
    ...{ coefficients: "notebook", tf: { seeds: 2, duration: 0.5, nu_e_points: 5, nu_i_points: 5 } },
    ...{ spiking: { duration: 200 }, waveform: { t0: 150, duration: 250 } },
  }),
  [{ name: "example", file: "example.mat", read: () => readFile(exampleRecording) }],
);
const figures = figuresOf(graph.map(({ name }) => name));

describe("figures of what the stages make", () => {
  const made = new Map<string, StageOutput>();
  beforeAll(async () => {
    const engine = new Engine({ store: memoryStore(), stages });
    for (const node of graph)
      made.set(node.name, { artifact: await engine.compute(node), params: node.params });
    await engine.close();
  });

  it.each(figures)("$name", (figure) => {
    for (const { theme, width } of [
      { theme: "light", width: 320 },
      { theme: "dark", width: 660 },
    ] as const) {
      const svg = figure.draw(made, look(theme, width));
      expect(svg).not.toMatch(/NaN|Infinity|undefined|not computed/);
      expect(Buffer.byteLength(svg)).toBeLessThan(300_000);
      expect(unreadable(svg, width)).toEqual([]);
    }
    expect(figure.caption(made)).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });
});
