import { openStore } from "mesoflow/cache";
import {
  type Artifact,
  BadInput,
  Engine,
  grid,
  type LabelledArray,
  type PipelineEvent,
  place,
  type Stage,
} from "mesoflow/pipeline";
import { z } from "zod";

type Samples = Artifact<{ x: LabelledArray<Float64Array> }>;
type Power = Artifact<Record<never, never>, { power: number }>;

const Wave = z.object({ frequency: z.number(), samples: z.int() });
const wave: Stage<z.infer<typeof Wave>, Record<never, never>, Samples> = {
  id: "wave",
  params: Wave,
  async run({ params: { frequency, samples } }) {
    const data = Float64Array.from({ length: samples }, (_, at) => (at * frequency) % 1);
    return { arrays: { x: { data, shape: [samples], dims: ["time"], units: "V" } }, values: {} };
  },
};

let computed = 0;
const Gain = z.object({ gain: z.number() });
const power: Stage<z.infer<typeof Gain>, { wave: Samples }, Power> = {
  id: "power",
  params: Gain,
  async run({ params: { gain }, inputs }) {
    computed += 1;
    const { data } = inputs.wave.arrays.x;
    return { arrays: {}, values: { power: data.reduce((sum, x) => sum + gain * x * gain * x, 0) } };
  },
};

const waves = [0.25, 0.5].map((frequency) => place(wave, `wave/${frequency}`, { frequency, samples: 8 }, {}));
const scan = grid(power, "power", {
  axes: { wave: waves, gain: [1, 2, 3] },
  params: {},
  inputs: {},
});
// @ts-expect-error an axis that is no parameter and no input
grid(power, "power", { axes: { volume: [1] }, params: { gain: 1 }, inputs: { wave: waves[0] } });
// @ts-expect-error an input that makes something else
place(power, "power", { gain: 1 }, { wave: scan });

const store = openStore("cache");
const engine = new Engine({ store, stages: [wave, power] });
let summary: PipelineEvent | undefined;
await engine.run([scan]).forEach((event) => {
  summary = event;
});
const { arrays } = await engine.compute(scan);

const choosy: Stage<Record<never, never>, Record<never, never>> = {
  id: "choosy",
  params: z.object({}),
  async run() {
    throw new BadInput("There is nothing to choose from");
  },
};
let failure: PipelineEvent | undefined;
await new Engine({ store, stages: [choosy] }).run([place(choosy, "choosy", {}, {})]).forEach((event) => {
  if (event.event === "failed") failure = event;
});
console.log(
  JSON.stringify({ summary, computed, failure, power: [...arrays.power.data], shape: arrays.power.shape }),
);
await engine.close();
await store.close();
