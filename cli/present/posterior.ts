import type { Artifact, LabelledArray } from "../../pipeline/index.ts";
import { type Parameter, parameters } from "../../stages/model/parameters/parameters.ts";
import { table } from "../output/table.ts";

/** A posterior as its grid over recordings gathers it. */
type Posteriors = Artifact<
  Readonly<Record<Parameter | "median" | "interval" | "misfit" | "effective_size", LabelledArray>>,
  {
    readonly recording: readonly string[];
    readonly sentences: readonly (readonly string[])[];
    readonly undetermined: readonly (readonly string[])[];
  }
>;

/** Whether an artifact is that of posteriors. */
export const holdsPosteriors = (artifact: Artifact): artifact is Artifact & Posteriors =>
  ["interval", "median", "correlation", "misfit"].every((name) => name in artifact.arrays) &&
  ["recording", "sentences", "undetermined"].every((name) => name in artifact.values);

/** What there is to tell of posteriors, whether in columns of text or as a page. */
export interface PosteriorTelling {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What the table shows. */
  readonly note: string;
  readonly recordings: readonly { readonly name: string; readonly sentences: readonly string[] }[];
}

/** Median and interval of each parameter by recording, how far to trust them, and what is said of each recording. */
export function posteriorTelling({ arrays, values }: Posteriors): PosteriorTelling {
  const { recording, sentences, undetermined } = values;
  const head = [
    "recording",
    ...parameters.map((name) => `${name} (${arrays[name].units})`),
    "misfit",
    "effective size",
  ];
  const rows = recording.map((name, k) => [
    name,
    ...parameters.map((parameter, p) => {
      const at = k * parameters.length + p;
      const [median, low, high] = [
        arrays.median.data[at]!,
        arrays.interval.data[2 * at]!,
        arrays.interval.data[2 * at + 1]!,
      ].map(three);
      return `${median} (${low} to ${high})${undetermined[k]!.includes(parameter) ? "*" : ""}`;
    }),
    three(Number(arrays.misfit.data[k])),
    String(Math.round(Number(arrays.effective_size.data[k]))),
  ]);
  const isAnyOpen = undetermined.some((names) => names.length > 0);
  return {
    head,
    rows,
    note: `Median and interval of the posterior${isAnyOpen ? "; * not determined by the recording" : ""}`,
    recordings: recording.map((name, k) => ({ name, sentences: sentences[k]! })),
  };
}

/** The same in columns of text. */
export function posteriorText(posteriors: Posteriors): string {
  const { head, rows, note, recordings } = posteriorTelling(posteriors);
  return [
    table(head, rows, head.slice(1)),
    note,
    ...recordings.map(({ name, sentences }) =>
      [name, ...sentences.map((sentence) => `  ${sentence}`)].join("\n"),
    ),
  ].join("\n\n");
}

const three = (value: number | bigint): string => String(Number(Number(value).toPrecision(3)));
