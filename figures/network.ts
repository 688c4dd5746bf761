import * as Plot from "@observablehq/plot";
import type network from "../stages/network.ts";
import type { Axis, Chart } from "./chart.ts";
import type { FigureKind } from "./figure-kind.ts";
import { rounded, written } from "./number.ts";
import { raster, rasterSentence } from "./raster.ts";
import { binMeans, decimated, extent, padded } from "./series.ts";
import type { OutputOf } from "./stage-output.ts";
import { type Look, themes } from "./theme.ts";

export type Run = OutputOf<typeof network>;

/** Bins of the rates, ms, as in the comparisons with the mean field. */
const bin = 5;
/** Spikes of traces are drawn up to here, mV. */
const peak = -30;

/** The spiking network under its drive. */
export const networkFigure: FigureKind<{ run: Run }> = {
  title: "The spiking network",

  caption({ run: { artifact, params } }) {
    const window = windowOf(artifact.arrays.time.data);
    const [exc, inh] = (["rate_exc", "rate_inh"] as const).map((name) => {
      const { data } = artifact.arrays[name];
      const late = data.subarray(Math.trunc(data.length / 3));
      return rounded(late.reduce((sum, rate) => sum + rate, 0) / late.length);
    });
    return (
      `${rasterSentence(artifact, window)}, membrane potentials of one cell of each population (spikes drawn up to ` +
      `${written(peak)} mV), the first one's conductances, and both populations' rates in bins of ${bin} ms, under a drive of ` +
      `${written(params.mean_field.drive)} Hz per synapse. Rates over the last two thirds: ${exc} and ${inh} Hz.`
    );
  },

  rows({ run }, look) {
    const { arrays, values } = run.artifact;
    const x: Axis = { label: "time (ms)", domain: windowOf(arrays.time.data) };
    const above = { ...x, silent: true };
    const { excitatory, inhibitory } = themes[look.theme];
    const recorded = Array.from(arrays.recorded.data);
    const exc = recorded.findIndex((neuron) => neuron < values.cells_exc);
    const inh = recorded.findIndex((neuron) => neuron >= values.cells_exc);
    const rows = [
      { height: 125, charts: [raster(run.artifact, above, look)] },
      { height: 82, charts: [potential(run, exc, "excitatory cell", above, excitatory, look)] },
      { height: 82, charts: [potential(run, inh, "inhibitory cell", above, inhibitory, look)] },
      { height: 82, charts: [conductances(run, exc, above, look)] },
      { height: 105, charts: [rates(run, x, look)] },
    ];
    return [...rows, populations(look)];
  },
};

export const populations = (look: Look) => {
  const { excitatory, inhibitory } = themes[look.theme];
  const legend = [
    { label: "excitatory", colour: excitatory, form: "line" },
    { label: "inhibitory", colour: inhibitory, form: "line" },
  ] as const;
  return { legend };
};

const windowOf = (time: ArrayLike<number>): [number, number] => {
  const [first, last] = extent(time) ?? [0, 1];
  return [Math.floor(first), Math.ceil(last)];
};

/** The traces of one cell, reduced to as many samples as can be seen. */
function trace({ artifact }: Run, name: "V" | "Ge" | "Gi", cell: number, look: Look) {
  const { time } = artifact.arrays;
  const n = time.data.length;
  return decimated(time.data, artifact.arrays[name].data.subarray(cell * n, (cell + 1) * n), look.width);
}

function potential(run: Run, cell: number, which: string, x: Axis, stroke: string, look: Look): Chart {
  const { arrays } = run.artifact;
  const neuron = arrays.recorded.data[cell];
  const spikes = arrays.spike_times.data.filter((_, k) => arrays.spike_neurons.data[k] === neuron);
  const { x: t, y: V } = trace(run, "V", cell, look);
  const [low] = extent(V) ?? [-80];
  return {
    x,
    y: { label: `V, ${which} (mV)`, domain: [low - 2, peak] },
    empty: t.length === 0 ? "not recorded" : undefined,
    marks: [
      Plot.line(t, { x: t, y: V, stroke, strokeWidth: 0.9 }),
      Plot.ruleX(spikes, { y1: -50, y2: peak, stroke, strokeWidth: 0.9 }),
    ],
  };
}

function conductances(run: Run, cell: number, x: Axis, look: Look): Chart {
  const { excitatory, inhibitory } = themes[look.theme];
  const [e, i] = [trace(run, "Ge", cell, look), trace(run, "Gi", cell, look)];
  const [, most] = extent(e.y, i.y) ?? [0, 1];
  return {
    x,
    y: { label: "G, excitatory cell (nS)", domain: [0, most] },
    empty: e.x.length === 0 ? "not recorded" : undefined,
    marks: [
      Plot.line(i.x, { x: i.x, y: i.y, stroke: inhibitory, strokeWidth: 0.7 }),
      Plot.line(e.x, { x: e.x, y: e.y, stroke: excitatory, strokeWidth: 0.9 }),
    ],
  };
}

function rates({ artifact }: Run, x: Axis, look: Look): Chart {
  const { excitatory, inhibitory } = themes[look.theme];
  const { time, rate_exc, rate_inh } = artifact.arrays;
  const perBin = Math.max(1, Math.round(bin / (time.data[1]! - time.data[0]!)));
  const [t, exc, inh] = [time, rate_exc, rate_inh].map(({ data }) => binMeans(data, perBin)) as [
    number[],
    number[],
    number[],
  ];
  const [, most] = padded([0, extent(exc, inh)?.[1] ?? 1]);
  return {
    x,
    y: { label: "population rates (Hz)", domain: [0, most] },
    empty: t.length === 0 ? "no samples" : undefined,
    marks: [
      Plot.line(t, { x: t, y: inh, stroke: inhibitory, strokeWidth: 1 }),
      Plot.line(t, { x: t, y: exc, stroke: excitatory, strokeWidth: 1 }),
    ],
  };
}
