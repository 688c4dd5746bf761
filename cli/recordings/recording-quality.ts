import { basename } from "node:path";
import type { Content } from "../../data/recording.ts";
import { openRecording } from "../../data/recording-file.ts";
import { type Stimulus, stimulusOf } from "../../data/recording-name.ts";
import { hash } from "../../pipeline/inspect.ts";
import type { Configuration } from "../../stages/configuration.ts";
import { type Recording, recordingOf } from "../../stages/recording.ts";
import { type Alignment, alignmentsOf } from "./alignments.ts";
import { qualityWarningsOf } from "./quality-warnings.ts";
import { type Axis, axisOf } from "./sampling.ts";
import {
  type Baseline,
  baselineOf,
  culminationOf,
  type Limits,
  limitsOf,
  type Missing,
  missingIn,
  type Peak,
  peakIn,
  responseAt,
  type StimulusResponse,
} from "./signal-quality.ts";

/** What a recording is like. Times in ms, places in mm, signals in ‰ of the resting fluorescence. */
export interface RecordingQuality {
  readonly name: string;
  readonly file: string;
  readonly format: string;
  readonly contents: readonly Content[];
  readonly time: Axis;
  readonly space: Axis;
  readonly missing: Missing;
  readonly peak: Peak;
  /** When the mean over space is largest. */
  readonly culmination: number;
  readonly baseline: Baseline | null;
  /** At the origin of the alignment for residuals, or where that fails at the peak. */
  readonly response: StimulusResponse;
  readonly limits: Limits;
  /** What looks wrong, a sentence each. */
  readonly doubts: readonly string[];
  /** As the file's name tells it. */
  readonly stimulus: Stimulus | null;
  readonly alignment: { readonly residual: Alignment; readonly scan: Alignment };
  /** BLAKE3 of the file's bytes. */
  readonly hash: string;
  /** BLAKE3 of what is read from them, whatever the format: equal for the same measurement. */
  readonly measurement: string;
}

/**
 * @param configuration what the alignment follows: ring, reading, residual and scan
 * @throws BadInput where the bytes are no recording
 */
export function recordingQualityOf(
  bytes: Uint8Array,
  { file, name }: { readonly file: string; readonly name: string },
  configuration: Configuration,
): RecordingQuality {
  const opened = openRecording(bytes, basename(file));
  const read = opened.read();
  const recording = recordingOf(read);
  const alignment = alignmentsOf(recording, configuration);
  const peak = peakIn(read);
  const baseline = baselineOf(read);
  const { residual } = alignment;
  const facts = {
    format: opened.format,
    time: axisOf(read.time),
    space: axisOf(read.space),
    peak,
    limits: limitsOf(read),
    missing: missingIn(read),
    culmination: culminationOf(read),
    alignment,
  };
  return {
    ...{ name, file, ...facts },
    contents: opened.contents(),
    baseline,
    response: responseAt(read, "origin" in residual ? residual.origin : peak, baseline),
    doubts: qualityWarningsOf(facts),
    stimulus: stimulusOf(file) ?? null,
    hash: hash(bytes),
    measurement: measurementOf(recording),
  };
}

function measurementOf({ arrays: { time, space, vsd }, values: { missing } }: Recording): string {
  const parts = [time, space, vsd].map(({ data }) =>
    hash(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  );
  return hash(JSON.stringify([...parts, missing]));
}

/** Another file that holds the same. */
export interface Duplicate {
  readonly file: string;
  readonly equal: "bytes" | "measurement";
}

/** Of recordings in their order, the first one before each that holds the same bytes or, else, the same measurement. */
export function duplicatesOf(surveys: readonly RecordingQuality[]): (Duplicate | null)[] {
  return surveys.map((survey, index) => {
    const before = surveys.slice(0, index);
    for (const equal of ["bytes", "measurement"] as const) {
      const property = equal === "bytes" ? "hash" : "measurement";
      const twin = before.find((other) => other[property] === survey[property]);
      if (twin) return { file: twin.file, equal };
    }
    return null;
  });
}
