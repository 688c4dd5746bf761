import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { watchSetOf } from "../../../cli/watch/watch-set.ts";
import { workingFolders } from "../../support/command-line.ts";

const folders = workingFolders();
afterAll(folders.clear);

it("recordings of all formats are followed in a folder, those of a glob by its ending", async () => {
  const folder = realpathSync(folders.make());
  mkdirSync(join(folder, "deep"));
  writeFileSync(join(folder, "a.mat"), "");
  const concerned = async (pattern: string) => {
    const { concerns } = await watchSetOf([], [join(folder, pattern)]);
    const files = ["a.mat", "b.npz", "C.CSV", "notes.txt", "deep/d.csv"];
    return files.filter((file) => concerns(join(folder, file)));
  };
  expect(await concerned("")).toEqual(["a.mat", "b.npz", "C.CSV"]);
  expect(await concerned("*.csv")).toEqual(["C.CSV"]);
  expect(await concerned("**/*.csv")).toEqual(["C.CSV", "deep/d.csv"]);
  expect(await concerned("a.mat")).toEqual(["a.mat"]);
});
