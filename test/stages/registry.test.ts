import { describe, expect, it } from "vitest";
import { parametersOf } from "../../cli/configuration/parameter-schema.ts";
import { figuresOf } from "../../figures/index.ts";
import { configurationSchema } from "../../stages/configuration.ts";
import { entries, entryOf, registry, sectionIds } from "../../stages/registry.ts";
import { results } from "../figures/artifacts.ts";

const isIn = (path: string, section: string) => path === section || path.startsWith(`${section}.`);

describe("the registry of stages", () => {
  it("has each stage under its id", () => {
    for (const [id, { stage }] of Object.entries(registry)) expect(stage.id).toBe(id);
  });

  it("finds the stage of a place, of stages whose ids begin alike too", () => {
    for (const entry of entries) {
      expect(entryOf(entry.stage.id)).toBe(entry);
      expect(entryOf(`${entry.stage.id}/one`)).toBe(entry);
    }
    expect(entryOf("ring")).toBeUndefined();
  });

  it("leaves no section of the report empty", () => {
    expect(new Set(entries.map(({ section }) => section))).toEqual(new Set(sectionIds));
  });

  it("tells every parameter in the report, and none that is not there", () => {
    const paths = [...parametersOf(configurationSchema).keys()];
    const told = entries.flatMap(({ parameters }) => parameters ?? []);
    expect(paths.filter((path) => !told.some((section) => isIn(path, section)))).toEqual([]);
    expect(told.filter((section) => !paths.some((path) => isIn(path, section)))).toEqual([]);
    const reached = entries.flatMap(({ reachedBy }) => reachedBy ?? []);
    expect(reached.filter((each) => !paths.some((path) => path.startsWith(each)))).toEqual([]);
  });

  it("has a figure under a stage's id only if it shows that stage", () => {
    for (const { stage, needs } of figuresOf(results().keys()))
      expect(needs.some((name) => entryOf(name)?.stage.id === stage)).toBe(true);
  });
});
