import { exp } from "../../../kernels/index.ts";

/** A histogram of equally wide bars between the smallest and the largest value, of area 1. */
export interface Histogram {
  /** Middles of the bars. */
  readonly level: Float64Array;
  readonly density: Float64Array;
}

/** The histogram that `numpy.histogram(values, bars, density=True)` gives; around equal values it is 1 wide. */
export function histogram(values: Float64Array, bars: number): Histogram {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const low = least < most ? least : least - 0.5;
  const width = (least < most ? most - least : 1) / bars;
  const counts = new Float64Array(bars);
  for (const value of values) counts[Math.min(Math.floor((value - low) / width), bars - 1)]! += 1;
  return {
    level: counts.map((_, bar) => low + (bar + 0.5) * width),
    density: counts.map((count) => count / (values.length * width)),
  };
}

/** The density of a normal distribution; 0 if its SD is 0. */
export function gaussianDensity(x: Float64Array, mean: number, sd: number): Float64Array {
  return x.map((value) => {
    if (!(sd > 0)) return 0;
    const distance = (value - mean) / sd;
    return exp(-0.5 * distance * distance) / (Math.sqrt(2 * Math.PI) * sd);
  });
}
