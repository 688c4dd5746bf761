import * as Plot from "@observablehq/plot";
import type stepResponse from "../stages/step-response.ts";
import type { Chart } from "./chart.ts";
import type { FigureKind } from "./figure-kind.ts";
import { listed, rounded, written } from "./number.ts";
import { decimated, extent } from "./series.ts";
import type { OutputOf } from "./stage-output.ts";
import { type Look, themes } from "./theme.ts";

type StepResponseOutput = OutputOf<typeof stepResponse>;

/** Spikes are instantaneous in the model: drawn up to here, mV. */
const peak = 0;
/** When the current is on, ms. The stage has this protocol fixed, so it is not a parameter. */
const [onset, offset] = [100, 500];

/** The response of a cell to a step of current, up and down. */
export const stepResponseFigure: FigureKind<{ cells: readonly StepResponseOutput[] }> = {
  title: "Responses to steps of current",

  caption({ cells }) {
    const current = written(cells[0]?.artifact.values.current_pA ?? 0);
    const counts = cells.map(({ artifact, params }) => {
      const { data } = artifact.arrays.spike_times;
      const rate = data.length > 1 ? `, the last two ${rounded(data.at(-1)! - data.at(-2)!)} ms apart` : "";
      return `${params.cell.name} fires ${data.length} spike${data.length === 1 ? "" : "s"}${rate}`;
    });
    return (
      `Membrane potential of the cells under a step of ${current} pA (upper trace, spikes drawn up to ${peak} mV) and ` +
      `of −${current} pA (lower trace) from ${onset} to ${offset} ms. ${listed(counts)}.`
    );
  },

  rows(input, look) {
    return [
      { height: 150, charts: input.cells.map((cell) => potential(cell, look)) },
      { height: 78, charts: input.cells.map((cell) => current(cell, look)), letters: false },
    ];
  },
};

const time = { label: "time (ms)", ticks: [0, 200, 400, 600] };

function potential({ artifact, params }: StepResponseOutput, look: Look): Chart {
  const { ink, muted } = themes[look.theme];
  const { time: t, V_positive, V_negative, spike_times } = artifact.arrays;
  const points = Math.round(look.width);
  const [up, down] = [V_positive, V_negative].map(({ data }) => decimated(t.data, data, points));
  const [low] = extent(V_negative.data, V_positive.data) ?? [-80];
  return {
    title: params.cell.name,
    x: { ...time, domain: domainOf(t.data), silent: true },
    y: { label: "membrane potential (mV)", domain: [low - 3, peak + 2] },
    ...(t.data.length === 0 && { empty: "no samples" }),
    marks: [
      Plot.line(down!.x, { x: down!.x, y: down!.y, stroke: muted, strokeWidth: 1 }),
      Plot.line(up!.x, { x: up!.x, y: up!.y, stroke: ink, strokeWidth: 1 }),
      Plot.ruleX(spike_times.data, { y1: params.cell.Vthre, y2: peak, stroke: ink, strokeWidth: 1 }),
    ],
  };
}

function current({ artifact }: StepResponseOutput, look: Look): Chart {
  const { ink, muted } = themes[look.theme];
  const [first, last] = domainOf(artifact.arrays.time.data);
  const amplitude = artifact.values.current_pA;
  const t = [first, onset, onset, offset, offset, last];
  const step = (height: number) => [0, 0, height, height, 0, 0];
  return {
    x: { ...time, domain: [first, last] },
    y: {
      label: "current (pA)",
      domain: [-1.2 * amplitude, 1.2 * amplitude],
      ticks: [-amplitude, 0, amplitude],
    },
    marks: [
      Plot.line(t, { x: t, y: step(-amplitude), stroke: muted, strokeWidth: 1 }),
      Plot.line(t, { x: t, y: step(amplitude), stroke: ink, strokeWidth: 1 }),
    ],
  };
}

const domainOf = (t: ArrayLike<number>): [number, number] => {
  const [first, last] = extent(t) ?? [0, 700];
  return [Math.floor(first), Math.ceil(last)];
};
