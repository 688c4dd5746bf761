import * as Plot from "@observablehq/plot";
import type { Parameter } from "../stages/model/parameters/parameters.ts";
import type trialPropagation from "../stages/propagation/trial.ts";
import type ringTrial from "../stages/ring-trial.ts";
import type { Chart } from "./chart.ts";
import type { ColourBar } from "./colour-bar.ts";
import type { FigureKind } from "./figure-kind.ts";
import { coarser, contours, type Field, reachOf } from "./map.ts";
import { rounded, written } from "./number.ts";
import { parameters, plain } from "./parameters.ts";
import { crossingLine, crossingSentences } from "./propagation.ts";
import { extent } from "./series.ts";
import type { OutputOf } from "./stage-output.ts";
import { fontSize, type Look, themes } from "./theme.ts";

type Trial = OutputOf<typeof ringTrial>;
export interface TrialWithLine {
  readonly trial: Trial;
  readonly line?: OutputOf<typeof trialPropagation> | undefined;
}

/** A trial of the ring: its input, the rates of both populations, and the depolarisation that a dye would show. */
export const ringTrialFigure: FigureKind<TrialWithLine> = {
  title: "A trial of the ring",

  caption({ trial, line }) {
    const { delta_V, nu_e, nu_i } = trial.artifact.arrays;
    const most = (data: ArrayLike<number>) => rounded(extent(data)?.[1] ?? Number.NaN);
    return (
      "Afferent input, excitatory and inhibitory rates, and relative depolarisation of a ring of " +
      `${trial.params.ring.pixels} networks over ${written(trial.params.ring.extent)} mm. ${parametersOf(trial)} ` +
      `Largest: ν_e ${most(nu_e.data)} Hz, ν_i ${most(nu_i.data)} Hz, δV ${most(delta_V.data.map((v) => 100 * v))} %.` +
      lineSentences(line)
    );
  },

  rows(input, look) {
    const map = (name: Quantity, options: MapOptions) => mapOf(input, name, options, look);
    return [
      { height: 122, charts: [map("nu_aff", { silent: true }), map("nu_e", { silent: true })] },
      { height: 145, charts: [map("nu_i", {}), map("delta_V", { scaleBars: true })] },
      { notes: notesOf(input.trial) },
    ];
  },
};

/** A quantity of a trial, and the factor between its unit and the artifact's. */
const quantities = {
  nu_aff: { label: "ν_{aff} (Hz)", scale: 1 },
  nu_e: { label: "ν_{e} (Hz)", scale: 1 },
  nu_i: { label: "ν_{i} (Hz)", scale: 1 },
  delta_V: { label: "δV (%)", scale: 100 },
} as const;
type Quantity = keyof typeof quantities;

function parametersOf({ params: { ring } }: Trial): string {
  const { l_exc, l_inh, v_c, l_stim, tau1, tau2, amplitude } = ring;
  return (
    `Connections reach ${plain("l_exc")} ${written(l_exc)} and ${plain("l_inh")} ${written(l_inh)} mm at ` +
    `${plain("v_c")} ${written(v_c)} mm/s; the stimulus of ${written(amplitude)} Hz has ${plain("l_stim")} ` +
    `${written(l_stim)} mm, rises with ${plain("tau1")} ${written(tau1)} and decays with ${plain("tau2")} ${written(tau2)} ms.`
  );
}

/** The same for the figure itself, which may be used without its caption. */
function notesOf({ params: { ring } }: Trial): string[] {
  const told = (name: Parameter) =>
    `${parameters[name].symbol} ${written(ring[name])} ${parameters[name].unit}`;
  return [
    ...[told("l_exc"), told("l_inh"), told("v_c")],
    ...[`stimulus ${written(ring.amplitude)} Hz`, told("l_stim")],
    ...[told("tau1"), told("tau2")],
  ];
}

function lineSentences(line: TrialWithLine["line"]): string {
  if (!line) return "";
  const { level } = line.params.propagation.trial;
  return ` The line is when each pixel first reaches ${written(level)} % of its own largest δV: ${crossingSentences(line)}`;
}

interface MapOptions {
  readonly silent?: boolean;
  readonly title?: string;
  /** ms; by default the trial's own. */
  readonly times?: readonly [number, number];
  /** Scale bars of time and space on the map. */
  readonly scaleBars?: boolean;
}

/** One quantity of a trial over time (ms) and position (mm). */
export function mapOf(
  { trial, line }: TrialWithLine,
  name: Quantity,
  options: MapOptions,
  look: Look,
): Chart {
  const { silent = false, title } = options;
  const { arrays } = trial.artifact;
  const { label, scale } = quantities[name];
  const data = arrays[name].data;
  const pixels = arrays.space.data.length;
  const whole: Field = {
    x: arrays.time.data.map((t) => 1e3 * t),
    y: arrays.space.data,
    at: (column, row) => scale * data[column * pixels + row]!,
  };
  const field = coarser(whole, look.width / 3, 60);
  const [low, high] = extent(data) ?? [0, 0];
  const bar: ColourBar = {
    label,
    domain: [scale * low, scale * high],
    colours: themes[look.theme].sequential,
  };
  return {
    ...(title && { title }),
    x: { label: "time (ms)", domain: options.times ?? reachOf(field.x), silent },
    y: { label: "position (mm)", domain: reachOf(field.y) },
    bar,
    empty: high > low ? undefined : "no variation",
    marks: [
      ...contours(field, bar, look),
      ...(name === "delta_V" && line ? [crossingLine(line, look)] : []),
      ...(options.scaleBars ? scaleBars(field, look) : []),
    ],
  };
}

/** ms and mm. */
const bars = { time: 100, space: 10 };

/** Scale bars in the upper corner where the field is lower; none if they would not stand out. */
function scaleBars(field: Field, look: Look): Plot.Markish[] {
  const [[left, right], [bottom, top]] = [reachOf(field.x), reachOf(field.y)];
  const stroke = themes[look.theme].onMap;
  const [columns, rows] = [field.x.length, field.y.length];
  const share = (fromColumn: number, toColumn: number, fromRow: number) => {
    let most = Number.NEGATIVE_INFINITY;
    for (let row = Math.floor(fromRow * rows); row < rows; row++)
      for (let column = Math.floor(fromColumn * columns); column < toColumn * columns; column++)
        most = Math.max(most, field.at(column, row));
    return most;
  };
  const corners = { left: share(0, 0.45, 0.65), right: share(0.55, 1, 0.65) };
  const isLeft = corners.left < corners.right;
  const stands = 2 * Math.min(corners.left, corners.right) < share(0, 1, 0);
  const fits = bars.time < (right - left) / 2 && bars.space < (top - bottom) / 2;
  if (!stands || !fits) return [];
  const [dx, dy] = [(right - left) / 30, (top - bottom) / 30];
  const x = isLeft ? left + dx : right - dx - bars.time;
  const y = top - dy;
  const line = { stroke, strokeWidth: 1.5 };
  const text = { fill: stroke, fontSize: fontSize.tick };
  return [
    Plot.ruleY([y], { ...line, x1: x, x2: x + bars.time }),
    Plot.ruleX([isLeft ? x : x + bars.time], { ...line, y1: y - bars.space, y2: y }),
    Plot.text([`${bars.time} ms`], {
      ...{ x: isLeft ? x + 1.5 * dx : x + bars.time - 1.5 * dx, y: y - dy },
      ...{ ...text, textAnchor: isLeft ? "start" : "end", lineAnchor: "top" },
    }),
    Plot.text([`${bars.space} mm`], {
      ...{ x: isLeft ? x + 1.5 * dx : x + bars.time - 1.5 * dx, y: y - bars.space + dy },
      ...{ ...text, textAnchor: isLeft ? "start" : "end", lineAnchor: "bottom" },
    }),
  ];
}
