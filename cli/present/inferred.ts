import type { Artifact } from "../../pipeline/index.ts";
import type { InferredArrays, InferredValues } from "../../stages/model/inference/inference-summary.ts";
import { parameters } from "../../stages/model/parameters/parameters.ts";
import type { Test } from "../../stages/numerics/statistics/t-tests.ts";
import { counted, number, spread } from "../output/format.ts";
import { table } from "../output/table.ts";

type Inferred = Artifact<InferredArrays & { readonly residual: InferredArrays["duration"] }, InferredValues>;

/** Whether an artifact is that of sets of parameters inferred from recordings. */
export const holdsInferred = (artifact: Artifact): artifact is Artifact & Inferred =>
  ["recording", "mean", "sd", "tests", "borders", "warnings"].every((name) => name in artifact.values);

/** What there is to tell of inferred sets, whether in columns of text or as a page. */
export interface InferredTelling {
  readonly head: readonly string[];
  /** A recording each; where there are several, their mean and SD last. */
  readonly rows: readonly (readonly string[])[];
  /** What the signs in the table mean. */
  readonly notes: readonly string[];
  readonly tests: readonly string[];
  readonly warnings: readonly string[];
}

/** The best set of each recording, what they have in common, and what is to be thought of it. */
export function inferredTelling({ arrays, values }: Inferred): InferredTelling {
  const { recording, mean, sd, units, tests, borders, warnings } = values;
  const head = [
    "recording",
    ...parameters.map((name) => `${name} (${units[name]})`),
    "residual",
    "stimulus (ms)",
  ];
  const atBorder = new Set(borders.map((border) => `${border.recording} ${border.parameter}`));
  const rows = recording.map((name, k) => [
    name,
    ...parameters.map((parameter) => {
      const value = number(arrays[parameter].data[k]);
      return atBorder.has(`${name} ${parameter}`) ? `${value}*` : value;
    }),
    number(arrays.residual.data[k]),
    durationText(arrays.duration.data[k]!),
  ]);
  const means = ["mean ± SD", ...parameters.map((name) => spread(mean[name]!, sd[name]!)), "", ""];
  const { l_exc_l_inh, tau1_duration, tau2_duration } = tests;
  const areSeveral = recording.length > 1;
  return {
    head,
    rows: areSeveral ? [...rows, means] : rows,
    notes: [
      ...(borders.length > 0 ? ["* at an end of the range that was searched"] : []),
      ...(areSeveral
        ? [`SD over the ${recording.length} recordings, divided by their number as in Figure 9 of the paper`]
        : []),
    ],
    tests: [
      testText("l_exc − l_inh, paired t-test", l_exc_l_inh, "mean", ` ${units.l_exc}`),
      testText("tau1 with the stimulus' duration, Pearson's correlation", tau1_duration, "r"),
      testText("tau2 with the stimulus' duration, Pearson's correlation", tau2_duration, "r"),
    ],
    warnings,
  };
}

/** The same in columns of text. */
export function inferredText(inferred: Inferred): string {
  const { head, rows, notes, tests, warnings } = inferredTelling(inferred);
  return [table(head, rows, head.slice(1)), notes.join("\n"), tests.join("\n"), warnings.join("\n")]
    .filter(Boolean)
    .join("\n\n");
}

const durationText = (ms: number): string => (Number.isNaN(ms) ? "not known" : number(ms));

/** "l_exc − l_inh, paired t-test: mean 2.12 mm (95% interval 0.811 to 3.44 mm), t(11) = 3.56, p = 0.0045, 12 recordings" */
function testText(what: string, test: Test, estimate: string, unit = ""): string {
  if (test.outcome === "not enough") {
    return `${what}: not enough to test, as ${test.reason} (${counted(test.count, "recording")}).`;
  }
  const { count, statistic, df, p, interval } = test;
  const [low, high] = interval.map(three);
  return (
    `${what}: ${estimate} = ${three(test.estimate)}${unit} (95% interval ${low} to ${high}${unit}), ` +
    `t(${df}) = ${three(statistic)}, p = ${Number(p.toPrecision(2))}, ${counted(count, "recording")}.`
  );
}

const three = (value: number): string => String(Number(value.toPrecision(3)));
