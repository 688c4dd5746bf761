import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { exampleRecording } from "../data/example.ts";
import { readRecording } from "../data/recording-file.ts";
import { writeRecording } from "../data/recording-mat.ts";
import { recordingNames } from "../data/recording-name.ts";
import type { RecordingFile } from "../stages/cortex.ts";
import { hasShared, shared } from "./golden.ts";

const folder = join(shared, "recordings");
const paths = hasShared
  ? readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".mat"))
      .sort()
      .map((file) => join(folder, file))
  : [];

/** The authors' twelve recordings; none where there is no shared material. */
export const authorsRecordings: readonly RecordingFile[] = recordingNames(paths).map((name, index) => ({
  name,
  file: basename(paths[index]!),
  read: async () => new Uint8Array(readFileSync(paths[index]!)),
}));

const example = readRecording(readFileSync(exampleRecording), "example.mat");

/** The example's file as another camera would have made it: each so many frames and rows, another clock, an end in ms. */
export function filmedOtherwise({
  frames = 1,
  rows = 1,
  shift = 0,
  last = Number.POSITIVE_INFINITY,
}): Uint8Array {
  const time = [...example.time.keys()].filter((j) => j % frames === 0 && example.time[j]! <= last);
  const space = [...example.space.keys()].filter((i) => i % rows === 0);
  return writeRecording({
    time: Float64Array.from(time, (j) => example.time[j]! + shift),
    space: Float64Array.from(space, (i) => example.space[i]!),
    stim1: Float64Array.from(
      space.flatMap((i) => time.map((j) => example.vsd[i * example.time.length + j]! / 1e3)),
    ),
  });
}
