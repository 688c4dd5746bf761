import { counted, number, short, whole } from "../output/format.ts";
import { sparkline } from "../output/sparkline.ts";
import type { Alignment } from "../recordings/alignments.ts";
import type { Duplicate, RecordingQuality } from "../recordings/recording-quality.ts";
import type { Axis } from "../recordings/sampling.ts";
import type { Baseline, Missing, StimulusResponse } from "../recordings/signal-quality.ts";

/** A recording's quality for people: a line for each property, below the recording's name and file. */
export function recordingQualityText(survey: RecordingQuality, twin: Duplicate | null): string {
  const { name, file, format, time, space, peak, stimulus, alignment, hash } = survey;
  const lines: [what: string, line: string][] = [
    ["file", `${format}: ${survey.contents.map(({ name, what }) => `${name} ${what}`).join(", ")}`],
    ["shape", `${space.count} × ${time.count} (space × time)`],
    ["time", axisText(time, "ms")],
    ["space", axisText(space, "mm")],
    ["missing", missingText(survey.missing, time.count * space.count)],
    ["peak", `${number(peak.signal)} ‰ at ${number(peak.time)} ms, ${number(peak.space)} mm`],
    ["baseline", baselineText(survey.baseline)],
    ["response", responseText(survey.response)],
    ["course", sparkline(survey.response.course, 48)],
    ["profile", sparkline(survey.response.profile, 48)],
    [
      "stimulus",
      stimulus
        ? `${stimulus.duration} ms long after ${stimulus.delay} ms, by the file's name`
        : "not told by the file's name",
    ],
    ["residual", alignmentText(alignment.residual)],
    ["scan", alignmentText(alignment.scan)],
    ["bytes", `BLAKE3 ${short(hash)}…`],
    ...survey.doubts.map((doubt): [string, string] => ["look at", doubt]),
    ...(twin ? [["same", twinText(twin)] as [string, string]] : []),
  ];
  return [`${name}  ${file}`, ...lines.map(([what, line]) => `  ${what.padEnd(9)} ${line}`)].join("\n");
}

const axisText = ({ from, to, step, smallest, largest, even }: Axis, unit: string): string =>
  `${number(from)} to ${number(to)} ${unit}, every ${
    even ? number(step) : `${number(smallest)} to ${number(largest)}`
  } ${unit}${even ? "" : " (uneven)"}`;

function missingText({ samples, filled, places, times }: Missing, all: number): string {
  if (samples === 0) return "none";
  const share = `${whole(samples)} of ${whole(all)} samples`;
  if (samples === filled) return `${share}, which the file holds as 0`;
  return (
    `${share}, in ${counted(places.length, "place")} (${rangeText(places, "mm")}) ` +
    `and ${counted(times.length, "frame")} (${rangeText(times, "ms")})`
  );
}

const rangeText = (values: readonly number[], unit: string): string =>
  values.length === 1
    ? `${number(values[0])} ${unit}`
    : `${number(values[0])} to ${number(values.at(-1))} ${unit}`;

function baselineText(baseline: Baseline | null): string {
  if (!baseline) return "unknown: too few frames before the response";
  const { frames, to, sd, correlation, drift } = baseline;
  return (
    `SD ${rounded(sd)} ‰ over ${counted(frames, "frame")} up to ${number(to)} ms, ` +
    `correlation from frame to frame ${rounded(correlation)}, drift ${rounded(drift)} ‰`
  );
}

function responseText({ height, duration, extent, signalToNoise }: StimulusResponse): string {
  const long = duration === null ? "longer than the recording" : `${rounded(duration)} ms long`;
  const wide = extent === null ? "wider than the recorded field" : `${rounded(extent)} mm wide`;
  const ratio = signalToNoise === null ? "" : `, ${rounded(signalToNoise)} times the baseline's SD`;
  return `${rounded(height)} ‰ high${ratio}; at half of that ${long}, ${wide}`;
}

/** Three digits: more are noise. */
const rounded = (value: number): string => number(Number(value.toPrecision(3)));

function alignmentText(alignment: Alignment): string {
  const [low, high] = alignment.t_range;
  if ("refused" in alignment) return `window ${low} to ${high} ms: ${alignment.refused}`;
  const { origin, kept, units, pixels } = alignment;
  return (
    `window ${low} to ${high} ms: ${counted(kept.frames, "frame")}, ${units} of ${pixels} units of the ring, ` +
    `origin ${number(origin.time)} ms, ${number(origin.space)} mm`
  );
}

const twinText = ({ file, equal }: Duplicate): string =>
  equal === "bytes" ? `as ${file}, byte for byte` : `as ${file}: another file of the same measurement`;

/** What it would do to statistics. */
export const countsTwice = (count: number): string =>
  `${count === 1 ? "1 recording is" : `${whole(count)} recordings are`} the same as another one: each would count ` +
  "twice in scan and in the mean, SD and tests of inference; leave it out.";
