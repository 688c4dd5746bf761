import type { Recording } from "../../data/recording.ts";

type VsdMap = Pick<Recording, "vsd" | "time" | "space">;

/** What was not measured. */
export interface Missing {
  readonly samples: number;
  /** Of these, how many the file holds as 0; it does not say where. */
  readonly filled: number;
  /** Where gaps are, mm and ms. */
  readonly places: readonly number[];
  readonly times: readonly number[];
}

export function missingIn({ vsd, time, space, filled }: Recording): Missing {
  const [places, times] = [new Set<number>(), new Set<number>()];
  let gaps = 0;
  vsd.forEach((value, index) => {
    if (!Number.isNaN(value)) return;
    gaps += 1;
    places.add(space[Math.floor(index / time.length)]!);
    times.add(time[index % time.length]!);
  });
  const rising = (set: Set<number>) => [...set].sort((a, b) => a - b);
  return { samples: gaps + filled, filled, places: rising(places), times: rising(times) };
}

/** A sample of the largest signal, as it is, noise included. */
export interface Peak {
  readonly signal: number;
  readonly time: number;
  readonly space: number;
}

export function peakIn({ vsd, time, space }: VsdMap): Peak {
  const best = vsd.reduce(
    (most, value, index) => (value > vsd[most]! || Number.isNaN(vsd[most]!) ? index : most),
    0,
  );
  return {
    signal: vsd[best]!,
    time: time[best % time.length]!,
    space: space[Math.floor(best / time.length)]!,
  };
}

/** When the mean over space is largest, ms. */
export function culminationOf(map: VsdMap): number {
  return map.time[indexOfLargest(courseOf(map, () => true))]!;
}

/** What the camera shows before the response. */
export interface Baseline {
  readonly frames: number;
  readonly from: number;
  readonly to: number;
  /** SD over time about each place's own mean, over all places, ‰. */
  readonly sd: number;
  /** Correlation of these deviations from one frame to the next; about −1/frames where noise is white. */
  readonly correlation: number;
  /** By how much the mean over space rises from the first frame to the last, by the straight line through it, ‰. */
  readonly drift: number;
}

/** Fewer frames tell no SD worth the name. */
const fewest = 4;

/**
 * The frames before the mean over space, followed back from its peak, first falls below a tenth of that, without the
 * last one, which may show the rise; null where these are too few. Time 0 does not tell: in the authors' recordings most responses begin before it.
 */
export function baselineOf(map: VsdMap): Baseline | null {
  const { time, space } = map;
  const course = courseOf(map, () => true);
  const peak = indexOfLargest(course);
  let frames = peak + 1;
  while (frames > 0 && !(course[frames - 1]! < course[peak]! / 10)) frames -= 1;
  frames -= 1;
  if (frames < fewest) return null;

  let [squares, products, degrees] = [0, 0, 0];
  for (let i = 0; i < space.length; i++) {
    const row = map.vsd.subarray(i * time.length, i * time.length + frames);
    const known = row.filter((value) => !Number.isNaN(value));
    if (known.length < 2) continue;
    const mean = meanOf(known);
    for (let j = 0; j < frames; j++) {
      const [own, before] = [row[j]! - mean, j > 0 ? row[j - 1]! - mean : Number.NaN];
      if (!Number.isNaN(own)) squares += own * own;
      if (!Number.isNaN(own * before)) products += own * before;
    }
    degrees += known.length - 1;
  }
  if (degrees === 0) return null;
  const [from, to] = [time[0]!, time[frames - 1]!];
  return {
    ...{ frames, from, to },
    sd: Math.sqrt(squares / degrees),
    correlation: squares > 0 ? products / squares : 0,
    drift: slopeOf(time.subarray(0, frames), course.subarray(0, frames)) * (to - from),
  };
}

/** The response where it is largest. */
export interface StimulusResponse {
  /** Height of its peak above the baseline's mean, ‰. */
  readonly height: number;
  /** Width of its course at half that height, ms; null where it does not fall to that before and after. */
  readonly duration: number | null;
  /** Width of its profile at half that height, mm; null where it does not fall to that on both sides. */
  readonly extent: number | null;
  /** Height of the peak over the SD of single samples before the response. */
  readonly signalToNoise: number | null;
  /** ‰: means over places near the peak, by time. */
  readonly course: Float64Array;
  /** ‰: means over frames near the peak, by place. */
  readonly profile: Float64Array;
}

/** Places within so many mm, and frames within so many ms, of the peak are averaged. */
const near = { space: 0.5, time: 25 };

/** @param origin where the alignment finds the response's peak, ms and mm */
export function responseAt(
  map: VsdMap,
  origin: { readonly time: number; readonly space: number },
  baseline: Baseline | null,
): StimulusResponse {
  const { time, space } = map;
  const course = courseOf(map, (x) => Math.abs(x - origin.space) <= near.space);
  const rest = meanOf(course.subarray(0, baseline?.frames ?? 0).filter((value) => !Number.isNaN(value))) || 0;
  const above = course.map((value) => value - rest);
  const profile = profileOf(map, (t) => Math.abs(t - origin.time) <= near.time).map((value) => value - rest);
  const peak = indexOfLargest(above);
  const height = above[peak]!;
  return {
    height,
    duration: widthAround(time, above, peak),
    extent: widthAround(space, profile, indexOfLargest(profile)),
    signalToNoise: baseline && baseline.sd > 0 ? height / baseline.sd : null,
    ...{ course, profile },
  };
}

/** Samples that are exactly the largest or the smallest, and places whose signal never changes. */
export interface Limits {
  readonly largest: { readonly signal: number; readonly samples: number };
  readonly smallest: { readonly signal: number; readonly samples: number };
  /** mm */
  readonly constant: readonly number[];
}

export function limitsOf({ vsd, time, space }: VsdMap): Limits {
  const known = vsd.filter((value) => !Number.isNaN(value));
  const [most, least] = [known.reduce((a, b) => Math.max(a, b)), known.reduce((a, b) => Math.min(a, b))];
  const count = (signal: number) => ({ signal, samples: known.filter((value) => value === signal).length });
  const rows = [...space.keys()].filter((i) => {
    const row = vsd.subarray(i * time.length, (i + 1) * time.length);
    return row.every((value) => value === row[0]);
  });
  return { largest: count(most), smallest: count(least), constant: rows.map((i) => space[i]!) };
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  return sum / values.length;
}

/** Means over chosen places, by time; NaN where none was measured. */
function courseOf({ vsd, time, space }: VsdMap, isChosen: (x: number) => boolean): Float64Array {
  const rows = [...space.keys()].filter((i) => isChosen(space[i]!));
  return time.map((_, j) =>
    meanOf(rows.map((i) => vsd[i * time.length + j]!).filter((value) => !Number.isNaN(value))),
  );
}

/** Means over chosen frames, by place; NaN where none was measured. */
function profileOf({ vsd, time, space }: VsdMap, isChosen: (t: number) => boolean): Float64Array {
  const frames = [...time.keys()].filter((j) => isChosen(time[j]!));
  return space.map((_, i) =>
    meanOf(frames.map((j) => vsd[i * time.length + j]!).filter((value) => !Number.isNaN(value))),
  );
}

const indexOfLargest = (values: Float64Array): number =>
  values.reduce(
    (most, value, index) => (value > values[most]! || Number.isNaN(values[most]!) ? index : most),
    0,
  );

function slopeOf(x: Float64Array, y: Float64Array): number {
  const known = [...x.keys()].filter((index) => !Number.isNaN(y[index]!));
  const [mx, my] = [meanOf(known.map((index) => x[index]!)), meanOf(known.map((index) => y[index]!))];
  const sum = (of: (dx: number, dy: number) => number) =>
    known.reduce((total, index) => total + of(x[index]! - mx, y[index]! - my), 0);
  const spread = sum((dx) => dx * dx);
  return spread > 0 ? sum((dx, dy) => dx * dy) / spread : 0;
}

/** Between where a curve crosses half its peak on either side, by straight lines from sample to sample. */
function widthAround(x: Float64Array, y: Float64Array, peak: number): number | null {
  const half = y[peak]! / 2;
  if (!(half > 0)) return null;
  const crossing = (step: 1 | -1): number | undefined => {
    for (let k = peak + step; k >= 0 && k < y.length; k += step) {
      if (!(y[k]! <= half)) continue;
      const share = (y[k - step]! - half) / (y[k - step]! - y[k]!);
      return x[k - step]! + share * (x[k]! - x[k - step]!);
    }
    return undefined;
  };
  const [before, after] = [crossing(-1), crossing(1)];
  return before === undefined || after === undefined ? null : after - before;
}
