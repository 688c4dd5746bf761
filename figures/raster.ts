import * as Plot from "@observablehq/plot";
import type { SpikingRun } from "../stages/model/spiking-run.ts";
import type { Axis, Chart } from "./chart.ts";
import { written } from "./number.ts";
import { type Look, themes } from "./theme.ts";

/** Cells and spikes that a raster of one column shows without becoming grey. */
const [mostCells, mostSpikes] = [400, 4000];

/** A part of a run's spikes: those of one cell in so many, of both populations alike. */
interface Sample {
  readonly oneIn: number;
  readonly exc: readonly Spike[];
  readonly inh: readonly Spike[];
  readonly rows: { readonly exc: number; readonly inh: number };
}
interface Spike {
  /** ms */
  readonly time: number;
  /** Counted among the sampled cells of both populations, inhibitory ones above. */
  readonly row: number;
}

/** The sample within a window (ms): every k-th cell, with the smallest k that leaves cells and spikes few enough. */
export function sampleOf({ arrays, values }: SpikingRun, [from, to]: readonly [number, number]): Sample {
  const { cells_exc, cells_inh } = values;
  const [times, neurons] = [arrays.spike_times.data, arrays.spike_neurons.data];
  const within = Array.from(times.keys()).filter((k) => times[k]! >= from && times[k]! <= to);
  const taken = (oneIn: number) =>
    within.filter((k) => (neurons[k]! < cells_exc ? neurons[k]! : neurons[k]! - cells_exc) % oneIn === 0);
  let oneIn = Math.max(1, Math.ceil((cells_exc + cells_inh) / mostCells));
  while (taken(oneIn).length > mostSpikes) oneIn = Math.ceil(oneIn * 1.25);
  const rows = { exc: Math.ceil(cells_exc / oneIn), inh: Math.ceil(cells_inh / oneIn) };
  const spikes = taken(oneIn).map((k) => ({ time: times[k]!, neuron: neurons[k]! }));
  return {
    ...{ oneIn, rows },
    exc: spikes
      .filter(({ neuron }) => neuron < cells_exc)
      .map(({ time, neuron }) => ({ time, row: neuron / oneIn })),
    inh: spikes
      .filter(({ neuron }) => neuron >= cells_exc)
      .map(({ time, neuron }) => ({ time, row: rows.exc + (neuron - cells_exc) / oneIn })),
  };
}

export const rasterSentence = (run: SpikingRun, window: readonly [number, number]): string => {
  const { oneIn, rows } = sampleOf(run, window);
  const which = oneIn === 1 ? "all" : `of one cell in ${oneIn} (${rows.exc} and ${rows.inh})`;
  return `Spikes ${which} of the ${written(run.values.cells_exc)} excitatory and ${written(run.values.cells_inh)} inhibitory cells`;
};

/** Spikes as strokes, excitatory cells below. */
export function raster(run: SpikingRun, x: Axis, look: Look): Chart {
  const { excitatory, inhibitory } = themes[look.theme];
  const { exc, inh, rows, oneIn } = sampleOf(run, [x.domain[0], x.domain[1]]);
  const most = rows.exc + rows.inh;
  // One path for all strokes of a colour: an element each would make the file ten times as long.
  const strokes = (spikes: readonly Spike[], stroke: string) => {
    const height = most / 110;
    const x = spikes.flatMap(({ time }) => [time, time, Number.NaN]);
    return Plot.line(x, {
      x,
      y: spikes.flatMap(({ row }) => [row - height, row + height, Number.NaN]),
      ...{ stroke, strokeWidth: 0.9, strokeLinecap: "butt" as const },
    });
  };
  return {
    x,
    y: {
      label: oneIn === 1 ? "cells" : `cells, one in ${oneIn}`,
      domain: [-most / 50, most * 1.02],
      ticks: [rows.exc / 2, rows.exc + rows.inh / 2],
      format: (row) => (row < rows.exc ? "exc." : "inh."),
    },
    empty: exc.length + inh.length === 0 ? "no spikes" : undefined,
    marks: [strokes(exc, excitatory), strokes(inh, inhibitory)],
  };
}
