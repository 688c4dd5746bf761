import * as Plot from "@observablehq/plot";
import type { SpikingRun } from "../stages/model/spiking/spiking-run.ts";
import type { Axis, Chart } from "./chart.ts";
import { written } from "./number.ts";
import { type Look, themes } from "./theme.ts";

/** The most cells and spikes that a raster of one column shows without turning grey. */
const [mostCells, mostSpikes] = [400, 4000];

/** A sample of a run's spikes: those of every k-th cell of both populations. */
interface Sample {
  readonly oneIn: number;
  readonly exc: readonly Spike[];
  readonly inh: readonly Spike[];
  readonly rows: { readonly exc: number; readonly inh: number };
}
interface Spike {
  /** ms */
  readonly time: number;
  /** Numbers among the sampled cells of both populations; inhibitory cells follow excitatory ones. */
  readonly row: number;
}

/** The sample within a window (ms): every k-th cell, with the smallest k that leaves cells and spikes few enough. */
export function sampleOf(run: SpikingRun, window: readonly [number, number]): Sample {
  const { cells_exc, cells_inh } = run.values;
  let oneIn = Math.max(1, Math.ceil((cells_exc + cells_inh) / mostCells));
  let sample = everyKth(run, window, oneIn);
  while (sample.exc.length + sample.inh.length > mostSpikes) {
    oneIn = Math.ceil(oneIn * 1.25);
    sample = everyKth(run, window, oneIn);
  }
  return sample;
}

function everyKth(
  { arrays, values }: SpikingRun,
  [from, to]: readonly [number, number],
  oneIn: number,
): Sample {
  const { cells_exc, cells_inh } = values;
  const [times, neurons] = [arrays.spike_times.data, arrays.spike_neurons.data];
  const rows = { exc: Math.ceil(cells_exc / oneIn), inh: Math.ceil(cells_inh / oneIn) };
  const [exc, inh]: [Spike[], Spike[]] = [[], []];
  for (let k = 0; k < times.length; k++) {
    const [time, neuron] = [times[k]!, neurons[k]!];
    const cell = neuron < cells_exc ? neuron : neuron - cells_exc;
    if (cell % oneIn !== 0 || time < from || time > to) continue;
    if (neuron < cells_exc) exc.push({ time, row: cell / oneIn });
    else inh.push({ time, row: rows.exc + cell / oneIn });
  }
  return { oneIn, exc, inh, rows };
}

export function rasterSentence(run: SpikingRun, window: readonly [number, number]): string {
  const { oneIn, rows } = sampleOf(run, window);
  const { cells_exc, cells_inh } = run.values;
  const all = `${written(cells_exc)} excitatory and ${written(cells_inh)} inhibitory cells`;
  return oneIn === 1
    ? `Spikes of all ${all}`
    : `Spikes of one cell in ${oneIn} (${rows.exc} and ${rows.inh}) of ${all}`;
}

/** Spikes as strokes, excitatory cells below. */
export function raster(run: SpikingRun, x: Axis, look: Look): Chart {
  const { excitatory, inhibitory } = themes[look.theme];
  const { exc, inh, rows, oneIn } = sampleOf(run, [x.domain[0], x.domain[1]]);
  const most = rows.exc + rows.inh;
  // One path for all strokes of a colour; one element for each would make the file ten times as long.
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
