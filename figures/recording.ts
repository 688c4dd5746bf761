import type recordingPropagation from "../stages/propagation/recording.ts";
import type recording from "../stages/recording.ts";
import type { Chart } from "./chart.ts";
import type { FigureKind } from "./figure-kind.ts";
import { coarser, contours, type Field, reachOf } from "./map.ts";
import { rounded, written } from "./number.ts";
import { crossingSentences, pieceLines, spanOf } from "./propagation.ts";
import { extent } from "./series.ts";
import type { OutputOf } from "./stage-output.ts";
import { type Look, themes } from "./theme.ts";

export interface Recorded {
  readonly recording: OutputOf<typeof recording>;
  readonly line?: OutputOf<typeof recordingPropagation> | undefined;
}

/** The window of the close-up, ms from the stimulus: that of the notebook, or all of the lines and a little more. */
const closer = ({ line }: Recorded): readonly [number, number] => {
  const [begin, end] = (line && spanOf(line)) ?? [0, 0];
  return [Math.min(-50, 10 * Math.floor((begin - 15) / 10)), Math.max(100, 10 * Math.ceil((end + 15) / 10))];
};
/** Rows of a map. More could not be seen in one column, and would only make the file longer. */
const rows = 66;

/** A recording, and a close-up of its onset with the spread of the response. */
export const recordingFigure: FigureKind<Recorded> = {
  title: "A recording with voltage-sensitive dye",

  caption(input) {
    const {
      recording: { artifact, params },
      line,
    } = input;
    const [first, last] = closer(input);
    const { space, time, vsd } = artifact.arrays;
    const [least, most] = extent(vsd.data) ?? [Number.NaN, Number.NaN];
    const together = Math.ceil(space.data.length / rows);
    const { missing } = artifact.values;
    return (
      `Signal of ${params.file}, ${space.data.length} positions at ${time.data.length} times, in ‰ of the fluorescence at rest ` +
      `(${rounded(least)} to ${rounded(most)} ‰)${together > 1 ? `, means of ${together} neighbouring positions` : ""}: the whole, and ` +
      `${written(first)} to ${written(last)} ms with a range of colours of its own.` +
      (missing > 0 ? ` ${missing} missing samples count as 0.` : "") +
      (line
        ? ` Points are when each position first reaches ${written(line.params.propagation.recording.level)} % of its peak, lines fits to them: ${crossingSentences(line)}`
        : "")
    );
  },

  rows(input, look) {
    const charts = [map(input, undefined, look), map(input, closer(input), look)];
    const layout =
      look.width < 560
        ? charts.map((chart) => ({ height: 150, charts: [chart] }))
        : [{ height: 220, charts }];
    return layout;
  },
};

/** The signal over time and position, whole or within a window of time. */
function map(
  { recording: { artifact }, line }: Recorded,
  window: readonly [number, number] | undefined,
  look: Look,
): Chart {
  const { time, space, vsd } = artifact.arrays;
  const columns = time.data.length;
  const [low, high] = window ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const within = [...time.data.keys()].filter((k) => time.data[k]! >= low && time.data[k]! <= high);
  const whole: Field = {
    x: within.map((k) => time.data[k]!),
    y: space.data,
    at: (column, row) => vsd.data[row * columns + within[column]!]!,
  };
  const field = coarser(whole, look.width / 2, rows);
  const seen = field.x.length * field.y.length;
  const range = extent(
    Array.from({ length: seen }, (_, k) => field.at(k % field.x.length, Math.floor(k / field.x.length))),
  );
  const bar = {
    label: "VSD (‰)",
    domain: range ?? ([0, 1] as const),
    colours: themes[look.theme].sequential,
  };
  const reach = reachOf(field.x);
  return {
    x: { label: "time (ms)", domain: reach },
    y: { label: "position (mm)", domain: reachOf(field.y) },
    bar,
    empty: range && range[0] < range[1] && within.length > 1 ? undefined : "no signal",
    marks: [...contours(field, bar, look), ...(window && line ? pieceLines(line, reach, look) : [])],
  };
}
