import { basename } from "node:path";
import { type Recording, readRecording } from "../data/recording-file.ts";
import { type Stimulus, stimulusOf } from "../data/recording-name.ts";
import { hash } from "../pipeline/index.ts";

/** First and last of a coordinate, and the mean step between. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly count: number;
}

/** What a recording is like. Times in ms, places in mm, signals in ‰ of the resting fluorescence. */
export interface Survey {
  readonly name: string;
  readonly file: string;
  readonly time: Axis;
  readonly space: Axis;
  /** Samples that were not measured. */
  readonly missing: number;
  readonly peak: { readonly signal: number; readonly time: number; readonly space: number };
  /** SD of all samples before time 0; null if there are none. */
  readonly noise: number | null;
  /** As the file's name tells it. */
  readonly stimulus: Stimulus | null;
  /** BLAKE3 of the file's bytes. */
  readonly hash: string;
}

/** @throws BadInput where the bytes are no recording */
export function surveyOf(bytes: Uint8Array, file: string, name: string): Survey {
  const recording = readRecording(bytes, basename(file));
  return {
    name,
    file,
    time: axisOf(recording.time),
    space: axisOf(recording.space),
    missing: recording.stim1.filter(Number.isNaN).length,
    peak: peakOf(recording),
    noise: noiseOf(recording),
    stimulus: stimulusOf(file) ?? null,
    hash: hash(bytes),
  };
}

function axisOf(values: Float64Array): Axis {
  const [from, to] = [values[0]!, values.at(-1)!];
  return { from, to, step: (to - from) / (values.length - 1), count: values.length };
}

function peakOf({ stim1, time, space }: Recording): Survey["peak"] {
  const best = stim1.reduce(
    (most, value, index) => (value > stim1[most]! || Number.isNaN(stim1[most]!) ? index : most),
    0,
  );
  return {
    signal: 1e3 * stim1[best]!,
    time: time[best % time.length]!,
    space: space[Math.floor(best / time.length)]!,
  };
}

function noiseOf({ stim1, time }: Recording): number | null {
  const samples = stim1.filter((value, index) => time[index % time.length]! < 0 && !Number.isNaN(value));
  if (samples.length === 0) return null;
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  const variance = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / samples.length;
  return 1e3 * Math.sqrt(variance);
}
