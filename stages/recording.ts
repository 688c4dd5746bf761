import { z } from "zod";
import { readRecording } from "../data/recording-file.ts";
import type { Artifact, LabelledArray, Stage } from "../pipeline/index.ts";
import { along, type Doubles, grid } from "./arrays.ts";

/** The bytes of a file, as a source of the graph. */
export type FileBytes = Artifact<{ bytes: LabelledArray<Uint8Array> }, Record<never, never>>;

const params = z.strictObject({
  file: z.string().meta({ description: "the file's name, without its folder" }),
});

/** A voltage-sensitive-dye recording, in ‰ of the resting fluorescence; missing samples are 0. */
export type Recording = Artifact<
  { time: Doubles; space: Doubles; vsd: Doubles },
  { file: string; missing: number }
>;

const recording: Stage<z.infer<typeof params>, { file: FileBytes }, Recording> = {
  id: "recording",
  params,
  async run({ params: { file }, inputs }) {
    const { stim1, time, space } = readRecording(inputs.file.arrays.bytes.data, file);
    const vsd = stim1.map((fraction) => (Number.isNaN(fraction) ? 0 : 1e3 * fraction));
    return {
      arrays: {
        time: along("time", time, "ms"),
        space: along("space", space, "mm"),
        vsd: grid(["space", "time"], [space.length, time.length], vsd, "‰"),
      },
      values: { file, missing: stim1.filter(Number.isNaN).length },
    };
  },
};
export default recording;
