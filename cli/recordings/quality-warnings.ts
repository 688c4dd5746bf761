import { counted, number } from "../output/format.ts";
import type { Alignment } from "./alignments.ts";
import type { Axis } from "./sampling.ts";
import type { Limits, Missing, Peak } from "./signal-quality.ts";

interface Facts {
  readonly format: string;
  readonly time: Axis;
  readonly space: Axis;
  readonly peak: Peak;
  readonly limits: Limits;
  readonly missing: Missing;
  /** When the mean over space is largest, ms. */
  readonly culmination: number;
  readonly alignment: { readonly residual: Alignment; readonly scan: Alignment };
}

/** What looks wrong with a recording, a sentence each: it is read all the same. */
export function qualityWarningsOf(facts: Facts): string[] {
  return [...unitsOf(facts), ...stepsOf(facts), ...clippingOf(facts), ...windowsOf(facts)];
}

/** What lies outside a window cannot be its origin. */
function windowsOf({ culmination, alignment }: Facts): string[] {
  return Object.entries(alignment).flatMap(
    ([
      stage,
      {
        t_range: [low, high],
      },
    ]) => {
      if (culmination > low && culmination < high) return [];
      return (
        `the mean over space is largest at ${number(culmination)} ms, outside ${stage}.t_range, ${low} to ${high} ms: ` +
        "another time is taken for the peak"
      );
    },
  );
}

/** Recordings of cortex last from tens of ms to a minute, span a mm or a few cm, and change by a few ‰ to a few %. */
const usual = { time: [20, 60_000], space: [0.3, 60], signal: [0.05, 100] } as const;

function unitsOf({ format, time, space, peak: { signal } }: Facts): string[] {
  const doubts: string[] = [];
  const duration = time.to - time.from;
  const length = space.to - space.from;
  if (duration < usual.time[0]) {
    doubts.push(`time spans ${number(duration)} ms: if it is in seconds, multiply it by 1000`);
  } else if (duration > usual.time[1]) {
    doubts.push(`time spans ${number(duration)} ms: if it is in µs, divide it by 1000`);
  }
  if (length < usual.space[0]) {
    doubts.push(`space spans ${number(length)} mm: if it is in cm or m, multiply it by 10 or 1000`);
  } else if (space.smallest === 1 && space.largest === 1) {
    doubts.push("space rises by exactly 1 mm: if these are pixels, multiply them by a pixel's mm");
  } else if (length > usual.space[1]) {
    doubts.push(`space spans ${number(length)} mm: if it is in µm, divide it by 1000`);
  }
  const isFraction = format.startsWith("MATLAB");
  if (signal > usual.signal[1]) {
    const remedy = isFraction ? "stim1 must be a fraction, not % or ‰" : "vsd must be in ‰";
    doubts.push(`the signal reaches ${number(signal)} ‰, where a few are usual: ${remedy}`);
  } else if (signal < usual.signal[0]) {
    const remedy = isFraction ? "stim1 must be a fraction" : "if vsd is a fraction, multiply it by 1000";
    doubts.push(`the signal reaches only ${number(signal)} ‰, where a few are usual: ${remedy}`);
  }
  return doubts;
}

function stepsOf({ time, space }: Facts): string[] {
  const told = ({ smallest, largest }: Axis, name: string, unit: string, use: string) =>
    `${name} is uneven, with steps from ${number(smallest)} to ${number(largest)} ${unit}: ${use}`;
  const doubts: string[] = [];
  const counts = "smoothing and alignment count samples, whatever lies between them";
  if (!time.even) doubts.push(told(time, "time", "ms", counts));
  if (!space.even) doubts.push(told(space, "space", "mm", counts));
  return doubts;
}

/** Of measured signals hardly two samples are equal; so many at a limit, as a share of all, are no chance. */
const fewAtLimit = 0.001;

function clippingOf({ time, space, limits: { largest, smallest, constant }, missing }: Facts): string[] {
  const most = Math.max(3, fewAtLimit * time.count * space.count);
  const doubts: string[] = [];
  if (largest.samples > most) {
    doubts.push(
      `${counted(largest.samples, "sample")} are exactly ${number(largest.signal)} ‰, the largest: clipped?`,
    );
  }
  if (smallest.samples > most && smallest.signal !== 0) {
    doubts.push(
      `${counted(smallest.samples, "sample")} are exactly ${number(smallest.signal)} ‰, the smallest: clipped?`,
    );
  }
  const unexplained = constant.length * time.count > missing.filled;
  if (constant.length > 0 && unexplained) {
    doubts.push(
      `${counted(constant.length, "place")} never change (first at ${number(constant[0])} mm): mark what was not measured as NaN`,
    );
  }
  return doubts;
}
