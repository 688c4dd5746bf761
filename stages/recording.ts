import { z } from "zod";
import type { Recording as Measured } from "../data/recording.ts";
import { readRecording } from "../data/recording-file.ts";
import type { Artifact, LabelledArray, Stage } from "../pipeline/index.ts";
import { type Doubles, matrix, vector } from "./labelled-arrays.ts";

/** A recording to compare with: the name it goes by, its file's name, and its bytes. */
export interface RecordingFile {
  readonly name: string;
  readonly file: string;
  read(): Promise<Uint8Array>;
}

/** The bytes of a file, as a source of the graph. */
export type FileBytes = Artifact<{ bytes: LabelledArray<Uint8Array> }, Record<never, never>>;

const params = z.strictObject({
  file: z.string().meta({ description: "the file's name, without its folder" }),
});

/**
 * A voltage-sensitive-dye recording, in ‰ of the resting fluorescence; missing samples are 0. Two files of the same
 * measurement make the same artifact.
 */
export type Recording = Artifact<{ time: Doubles; space: Doubles; vsd: Doubles }, { missing: number }>;

/** The artifact of what was read from a file. */
export function recordingOf({ vsd, time, space, filled }: Measured): Recording {
  const known = vsd.map((value) => (Number.isNaN(value) ? 0 : value));
  return {
    arrays: {
      time: vector("time", time, "ms"),
      space: vector("space", space, "mm"),
      vsd: matrix(["space", "time"], [space.length, time.length], known, "‰"),
    },
    values: { missing: vsd.filter(Number.isNaN).length + filled },
  };
}

const recording: Stage<z.infer<typeof params>, { file: FileBytes }, Recording> = {
  id: "recording",
  params,
  run: async ({ params: { file }, inputs }) =>
    recordingOf(readRecording(inputs.file.arrays.bytes.data, file)),
};
export default recording;
