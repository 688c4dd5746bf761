import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { memoryStore } from "../../../cache/index.ts";
import {
  Engine,
  fingerprintsOf,
  place,
  type Stage,
  type StageNode,
  type Store,
} from "../../../pipeline/index.ts";
import { type Num, record } from "../../support/harness.ts";
import { edited, type Files, project, toyStages, toys, wasmGiving } from "./project.ts";

type Toy = Stage<{ readonly x: number }, Record<never, never>, Num>;

/** Runs the toy stages as these files have them, in a folder of their own: what was executed, what came out. */
async function run(files: Files, store: Store) {
  const folder = project(files);
  const modules = Object.fromEntries(toyStages.map((id) => [id, join(folder, `stages/${id}.js`)]));
  const stages = await Promise.all(
    Object.values(modules).map(async (path): Promise<Toy> => {
      const url = pathToFileURL(path).href;
      return (await import(/* @vite-ignore */ url)).default;
    }),
  );
  const fingerprint = await fingerprintsOf(modules, { root: folder });
  const engine = new Engine({ store, stages, fingerprint });
  const nodes: StageNode<Num>[] = stages.map((stage) => place(stage, stage.id, { x: 2 }, {}));
  const { executed, failed } = await record(engine.run(nodes)).summary();
  expect(failed).toEqual([]);
  const results = await Promise.all(nodes.map((node) => engine.compute(node)));
  return { executed: [...executed].sort(), results: results.map(({ values }) => values.n) };
}

it("after an edit exactly the stages that depend on it are executed, and give what the edit makes of them", async () => {
  const store = memoryStore();
  const first = await run(toys, store);
  expect(first).toEqual({
    executed: [...toyStages].sort(),
    results: [2 * 42 + 1, 2 + 7 + 2, 2 * 2 + 7, 2 + 41],
  });

  const commented = edited(
    edited(toys, "third.js", "export", "/* three */ export"),
    "first.js",
    "scaled",
    "s",
  );
  expect(await run(commented, store)).toEqual({ executed: [], results: first.results });

  const deep = edited(toys, "third.js", "41", "51");
  expect(await run(deep, store)).toEqual({ executed: ["near"], results: [2 * 52 + 1, 11, 11, 43] });

  const manifest = "node_modules/bending/package.json";
  const code = "node_modules/bending/index.js";
  const bent = edited(edited(deep, manifest, "1.0.0", "1.1.0"), code, "* 2", "* 3");
  expect(await run(bent, store)).toEqual({ executed: ["packaged"], results: [105, 11, 2 * 3 + 7, 43] });

  const compiled = { ...bent, "toy.wasm": wasmGiving(42) };
  expect(await run(compiled, store)).toEqual({ executed: ["compiled"], results: [105, 11, 13, 44] });

  // All that was ever computed is found again.
  expect(await run(toys, store)).toEqual({ executed: [], results: first.results });
});
