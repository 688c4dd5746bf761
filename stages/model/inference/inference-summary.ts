import { type Doubles, vector } from "../../labelled-arrays.ts";
import { eachParameter, type Parameter } from "../parameters/parameters.ts";
import { type Column, durationWarnings, type Statistics, statisticsOf } from "./parameter-sets.ts";
import { type Range, type RangeLimit, rangeLimitsOf, rangeLimitWarnings } from "./range-limits.ts";

/** One set of parameters for each recording, and the ranges in which it was sought. */
export interface ParameterSets {
  readonly recordings: readonly string[];
  readonly columns: Readonly<Record<Parameter, Column>>;
  readonly ranges: Readonly<Record<Parameter, Range>>;
  /** Of the stimulus, ms, by recording, where it is known. */
  readonly durations: Readonly<Record<string, number>>;
}

/** Along [recording]: the parameters, and the stimulus' duration, NaN where it is not known. */
export type InferredArrays = Readonly<Record<Parameter | "duration", Doubles>>;

export type InferredValues = Statistics & {
  readonly recording: readonly string[];
  /** Optima at an end of the range that was searched. */
  readonly borders: readonly RangeLimit[];
  /** Reasons to doubt the numbers. */
  readonly warnings: readonly string[];
};

/** The statistics of Figure 9 of the paper over sets of parameters, with warnings. */
export function inferenceSummary({ recordings, columns, ranges, durations }: ParameterSets): {
  arrays: InferredArrays;
  values: InferredValues;
} {
  const borders = rangeLimitsOf(recordings, columns, ranges);
  const duration = Float64Array.from(recordings, (name) =>
    Object.hasOwn(durations, name) ? durations[name]! : Number.NaN,
  );
  return {
    arrays: {
      ...eachParameter((name) => vector("recording", columns[name].values, columns[name].units)),
      duration: vector("recording", duration, "ms"),
    },
    values: {
      recording: recordings,
      ...statisticsOf(recordings, columns, durations),
      borders,
      warnings: [...rangeLimitWarnings(borders, columns, ranges), ...durationWarnings(recordings, durations)],
    },
  };
}
