/** Writes the bundled example recording anew: `npm run example`. A test holds the committed file against it. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { memoryStore } from "../cache/index.ts";
import { writeMat } from "../data/mat5-write.ts";
import { Engine, type StageNode } from "../pipeline/index.ts";
import { configurationSchema, profiles } from "../stages/configuration.ts";
import { cortex } from "../stages/cortex.ts";
import { stages } from "../stages/registry.ts";
import type { RingTrial } from "../stages/ring-trial.ts";
import { filmed, truth } from "./example-film.ts";

/** The bytes of the example: a MAT v5 file like the authors', with the signal in single precision. */
export async function exampleBytes(): Promise<Uint8Array> {
  const configuration = configurationSchema.parse({ ...profiles[truth.profile], ring: truth.ring });
  const trial = cortex(configuration, []).find(({ name }) => name === "ring-trial/baseline");
  const engine = new Engine({ store: memoryStore(), stages });
  const { stim1, time, space } = filmed(await engine.compute(trial as StageNode<RingTrial>));
  return writeMat({
    matNL: {
      name: "mesoflow example, synthetic",
      stim1: { data: Float32Array.from(stim1), shape: [space.length, time.length] },
      time: { data: time, shape: [1, time.length] },
      space: { data: space, shape: [1, space.length] },
    },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL("../../data/example/example.mat", import.meta.url), await exampleBytes());
}
