/** First and last of a coordinate, and the steps between: their mean, and whether they are as good as equal. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly step: number;
  readonly smallest: number;
  readonly largest: number;
  readonly even: boolean;
}

/** Steps may differ by so much of their mean and still count as even: clocks are not perfect. */
const tolerance = 0.01;

export function axisOf(values: Float64Array): Axis {
  const [from, to] = [values[0]!, values.at(-1)!];
  const step = (to - from) / (values.length - 1);
  let [smallest, largest] = [Number.POSITIVE_INFINITY, 0];
  for (let index = 1; index < values.length; index++) {
    const own = values[index]! - values[index - 1]!;
    smallest = Math.min(smallest, own);
    largest = Math.max(largest, own);
  }
  return {
    ...{ from, to, count: values.length, step, smallest, largest },
    even: largest - smallest <= tolerance * step,
  };
}
