import type { ParameterInfo } from "../protocol.ts";

type Bounded = Pick<ParameterInfo, "type" | "base" | "minimum" | "maximum" | "requirement">;

/** The most stops of a slider that rises in even steps. */
const most = 200;
/** A slider without useful bounds reaches so many times beyond the value it began with. */
const reach = 20;
/** Bounds that are so many times as far apart as that value is large are of no use to a slider. */
const wide = 10;

/**
 * The values at which a slider stops, rising: even steps within narrow bounds, else a logarithmic scale around the value
 * that the server was started with. Bounds of many decades say what is possible, not what is of interest. None of a
 * parameter that is no number.
 */
export function sliderSteps(parameter: Bounded): readonly number[] {
  const { type, base, minimum, maximum } = parameter;
  const isWhole = type === "whole number";
  if (!(isWhole || type === "number") || typeof base !== "number") return [];
  const low = minimum ?? Number.NEGATIVE_INFINITY;
  const high = maximum ?? Number.POSITIVE_INFINITY;
  const isNarrow = high - low <= wide * Math.max(Math.abs(base), isWhole ? 1 : 0);
  const isPositive = low > 0 || /\babove 0\b/.test(parameter.requirement);
  const stops = isNarrow
    ? even(Math.max(low, isPositive ? (high - low) / most : low), high, isWhole)
    : isPositive && base > 0
      ? rising(Math.max(low, base / reach), Math.min(high, base * reach), isWhole)
      : even(Math.max(low, -Math.abs(base) * 5), Math.min(high, Math.abs(base) * 5 || 1), isWhole);
  return [...new Set([...stops, base])].sort((one, other) => one - other);
}

/** The stop nearest to a value, by index. */
export function nearestStep(stops: readonly number[], value: number): number {
  let best = 0;
  for (const [index, stop] of stops.entries()) {
    if (Math.abs(stop - value) < Math.abs(stops[best]! - value)) best = index;
  }
  return best;
}

/** Multiples of a round step, with both ends. */
function even(low: number, high: number, isWhole: boolean): number[] {
  const step = Math.max(roundUp((high - low) / most), isWhole ? 1 : 0);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return [low, ...Array.from({ length: count }, (_, k) => exact((first + k) * step)), high];
}

/** 1, 1.05, … 2, 2.1, … 5, 5.2, … 10: steps of two to five per cent. */
function rising(low: number, high: number, isWhole: boolean): number[] {
  const stops: number[] = [];
  for (let decade = 10 ** Math.floor(Math.log10(low)); decade <= high; decade *= 10) {
    for (const [from, to, step] of [
      [1, 2, 0.05],
      [2, 5, 0.1],
      [5, 10, 0.2],
    ] as const) {
      for (let k = 0; k * step < to - from - 1e-9; k++) stops.push(exact((from + k * step) * decade));
    }
  }
  const rounded = isWhole ? stops.map(Math.round) : stops;
  return rounded.filter((stop) => stop >= low && stop <= high);
}

/** The next of 1, 2, 5 times a power of ten. */
function roundUp(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  return exact(([1, 2, 5, 10].find((digit) => digit * decade >= value * (1 - 1e-9)) ?? 10) * decade);
}

/** Without digits of rounding error. */
const exact = (value: number): number => Number(value.toPrecision(10));
