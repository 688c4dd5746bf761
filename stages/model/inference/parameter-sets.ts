import { mean, standardDeviation } from "../../numerics/statistics/range.ts";
import { correlation, pairedTTest, type Test } from "../../numerics/statistics/t-tests.ts";

/** A parameter over the recordings. */
export interface Column {
  readonly values: Float64Array;
  readonly units: string;
}

/** The parameters that are tested. */
type Tested = "l_exc" | "l_inh" | "tau1" | "tau2";

/** One set of parameters for each recording, by parameter. Other parameters than the tested ones may be among them. */
export type Columns = Readonly<Record<Tested, Column> & Record<string, Column>>;

/** The statistics of Figure 9 of the paper. */
export type Statistics = {
  /** By parameter, in its units. */
  readonly mean: Readonly<Record<string, number>>;
  /** Over the recordings, divided by their number, as the error bars of Figure 9 are. */
  readonly sd: Readonly<Record<string, number>>;
  readonly units: Readonly<Record<string, string>>;
  readonly tests: {
    /** Whether excitation reaches further than inhibition: the difference, mm. */
    readonly l_exc_l_inh: Test;
    /** Whether the stimulus' rise and decay in the model go with its duration. */
    readonly tau1_duration: Test;
    readonly tau2_duration: Test;
  };
};

/**
 * Means, standard deviations and tests over recordings.
 *
 * @param recordings names, in the order of the columns
 * @param durations of the stimulus, ms, by recording; the correlations leave out recordings without one
 */
export function statisticsOf(
  recordings: readonly string[],
  columns: Columns,
  durations: Readonly<Record<string, number>>,
): Statistics {
  const each = <T>(of: (column: Column) => T): Record<string, T> =>
    Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, of(column)]));
  const sample = (name: Tested) => ({ name, values: columns[name].values });
  const known = recordings.flatMap((name, k) => (Object.hasOwn(durations, name) ? [k] : []));
  const duration = { name: "the stimulus' duration", values: known.map((k) => durations[recordings[k]!]!) };
  const withDuration = (name: Tested) =>
    correlation({ name, values: known.map((k) => columns[name].values[k]!) }, duration);
  return {
    mean: each(({ values }) => mean(values)),
    sd: each(({ values }) => standardDeviation(values)),
    units: each(({ units }) => units),
    tests: {
      l_exc_l_inh: pairedTTest(sample("l_exc"), sample("l_inh")),
      tau1_duration: withDuration("tau1"),
      tau2_duration: withDuration("tau2"),
    },
  };
}

/** A sentence about recordings without a duration: which ones, and what to do. */
export function durationWarnings(
  recordings: readonly string[],
  durations: Readonly<Record<string, number>>,
): string[] {
  const unknown = recordings.filter((name) => !Object.hasOwn(durations, name));
  if (unknown.length === 0) return [];
  return [
    `How long the stimulus lasted is not known of ${unknown.join(", ")}, which the correlations leave out: ` +
      `set inference.durations.${unknown[0]}=50, say, for 50 ms, or have the file's name end in it, like _5020.`,
  ];
}
