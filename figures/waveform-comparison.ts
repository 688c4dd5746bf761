import * as Plot from "@observablehq/plot";
import type waveformComparison from "../stages/waveform-comparison.ts";
import type waveformNetwork from "../stages/waveform-network.ts";
import type { Axis, Chart } from "./chart.ts";
import type { FigureKind } from "./figure-kind.ts";
import { rounded, written } from "./number.ts";
import { raster, rasterSentence } from "./raster.ts";
import { extent, padded } from "./series.ts";
import type { OutputOf } from "./stage-output.ts";
import { type Look, themes } from "./theme.ts";

interface WaveformResponse {
  readonly run: OutputOf<typeof waveformNetwork>;
  readonly comparison: OutputOf<typeof waveformComparison>;
}

/** The responses of network and mean field to a transient input. */
export const waveformComparisonFigure: FigureKind<WaveformResponse> = {
  title: "A transient response, in the network and in the mean field",

  caption({ run, comparison }) {
    const { amplitude, t0, T1, T2 } = run.params.waveform;
    const { peak_network_exc, peak_mean_field_exc } = comparison.artifact.values;
    return (
      `Input of ${written(amplitude)} Hz at its peak at ${written(t0)} ms, rising with ${written(T1)} and decaying with ` +
      `${written(T2)} ms. ${rasterSentence(run.artifact, windowOf(run))}; means of recorded cells' membrane potentials (without ` +
      "spikes and refractoriness) and conductances; and rates of both populations in bins of 5 ms (thin lines), beside the mean field " +
      "(thick lines, bands of one standard deviation). Largest excitatory rate: " +
      `${rounded(peak_network_exc)} Hz in the network, ${rounded(peak_mean_field_exc)} Hz in the mean field.`
    );
  },

  rows(input, look) {
    const x: Axis = { label: "time (ms)", domain: windowOf(input.run) };
    const above = { ...x, silent: true };
    const theme = themes[look.theme];
    return [
      { height: 62, charts: [afferent(input, above, look)] },
      { height: 94, charts: [raster(input.run.artifact, above, look)] },
      ...[0, 1].map((population) => ({ height: 78, charts: [potential(input, population, above, look)] })),
      { height: 86, charts: [conductances(input, above, look)] },
      { height: 78, charts: [rate(input, "exc", above, look)] },
      { height: 101, charts: [rate(input, "inh", x, look)] },
      {
        legend: [
          { label: "excitatory", colour: theme.excitatory, form: "bar" },
          { label: "inhibitory", colour: theme.inhibitory, form: "bar" },
          { label: "network", colour: theme.muted, form: "thin" },
          { label: "mean field ± SD", colour: theme.muted, form: "band" },
        ],
      },
    ];
  },
};

/** The window of the figure, ms: from well before the input to the end. */
function windowOf({ artifact, params }: WaveformResponse["run"]): [number, number] {
  const { t0, T1, duration } = params.waveform;
  const [, last] = extent(artifact.arrays.time.data) ?? [0, duration];
  return [Math.max(0, Math.min(t0 - 5 * T1, last - 100)), Math.ceil(last)];
}

interface Side {
  readonly colour: string;
  readonly network: ArrayLike<number>;
  readonly mean: ArrayLike<number>;
  readonly sd: ArrayLike<number>;
}

/** Network and mean field over time, for one population or two. */
function beside(
  input: WaveformResponse,
  x: Axis,
  label: string,
  sides: readonly Side[],
  fromZero: boolean,
): Chart {
  const time = input.comparison.artifact.arrays.time.data;
  const within = [...time.keys()].filter((k) => time[k]! >= x.domain[0] && time[k]! <= x.domain[1]);
  const t = within.map((k) => time[k]!);
  const part = (values: ArrayLike<number>) => within.map((k) => values[k]!);
  const curves = sides.map(({ colour, network, mean, sd }) => ({
    ...{ colour, network: part(network), mean: part(mean) },
    low: within.map((k) => mean[k]! - sd[k]!),
    high: within.map((k) => mean[k]! + sd[k]!),
  }));
  const range = extent(...curves.flatMap(({ network, low, high }) => [network, low, high]));
  return {
    x,
    y: { label, domain: range ? padded([fromZero ? 0 : range[0], range[1]]) : [0, 1] },
    empty: range ? undefined : "no values",
    marks: curves.flatMap(({ colour, network, mean, low, high }) => [
      Plot.areaY(t, { x: t, y1: low, y2: high, fill: colour, fillOpacity: 0.25 }),
      Plot.line(t, { x: t, y: network, stroke: colour, strokeWidth: 0.8 }),
      Plot.line(t, { x: t, y: mean, stroke: colour, strokeWidth: 2 }),
    ]),
  };
}

function afferent({ comparison }: WaveformResponse, x: Axis, look: Look): Chart {
  const { time, afferent } = comparison.artifact.arrays;
  const within = [...time.data.keys()].filter(
    (k) => time.data[k]! >= x.domain[0] && time.data[k]! <= x.domain[1],
  );
  const [t, rates] = [time, afferent].map(({ data }) => within.map((k) => data[k]!)) as [number[], number[]];
  const colour = themes[look.theme].afferent;
  return {
    x,
    y: { label: "afferent input (Hz)", domain: [0, (extent(rates)?.[1] || 1) * 1.05] },
    empty: t.length === 0 ? "no values" : undefined,
    marks: [
      Plot.areaY(t, { x: t, y: rates, fill: colour, fillOpacity: 0.3 }),
      Plot.line(t, { x: t, y: rates, stroke: colour, strokeWidth: 1.5 }),
    ],
  };
}

function potential(input: WaveformResponse, population: number, x: Axis, look: Look): Chart {
  const { excitatory, inhibitory } = themes[look.theme];
  const { mean_V, mu_V, sigma_V } = input.comparison.artifact.arrays;
  const colour = population === 0 ? excitatory : inhibitory;
  const which = population === 0 ? "excitatory" : "inhibitory";
  const side = { colour, ...rowsOf(population, { network: mean_V, mean: mu_V, sd: sigma_V }) };
  return beside(input, x, `V, ${which} cells (mV)`, [side], false);
}

/** Conductances of the excitatory cells, whose external input changes. */
function conductances(input: WaveformResponse, x: Axis, look: Look): Chart {
  const { excitatory, inhibitory } = themes[look.theme];
  const { mean_Ge, mu_Ge, sigma_Ge, mean_Gi, mu_Gi, sigma_Gi } = input.comparison.artifact.arrays;
  const sides = [
    { colour: inhibitory, ...rowsOf(0, { network: mean_Gi, mean: mu_Gi, sd: sigma_Gi }) },
    { colour: excitatory, ...rowsOf(0, { network: mean_Ge, mean: mu_Ge, sd: sigma_Ge }) },
  ];
  return beside(input, x, "G_{e} and G_{i}, excitatory cells (nS)", sides, true);
}

function rate(input: WaveformResponse, population: "exc" | "inh", x: Axis, look: Look): Chart {
  const { excitatory, inhibitory } = themes[look.theme];
  const { arrays } = input.comparison.artifact;
  const side = {
    colour: population === "exc" ? excitatory : inhibitory,
    network: arrays[`rate_${population}`].data,
    mean: arrays[`nu_${population}`].data,
    sd: arrays[`sigma_nu_${population}`].data,
  };
  return beside(input, x, `${population === "exc" ? "excitatory" : "inhibitory"} rate (Hz)`, [side], true);
}

/** A population's row of arrays along population and time. */
function rowsOf<K extends string>(
  population: number,
  arrays: Readonly<Record<K, { readonly data: Float64Array; readonly shape: readonly number[] }>>,
): Record<K, Float64Array> {
  const rows = Object.entries<{ data: Float64Array; shape: readonly number[] }>(arrays).map(
    ([name, { data, shape }]) => {
      const bins = shape[1]!;
      return [name, data.subarray(population * bins, (population + 1) * bins)];
    },
  );
  return Object.fromEntries(rows) as Record<K, Float64Array>;
}
