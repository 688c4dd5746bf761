import * as Plot from "@observablehq/plot";
import type networkComparison from "../stages/network-comparison.ts";
import type { Chart } from "./chart.ts";
import type { FigureKind } from "./figure-kind.ts";
import { rounded, written } from "./number.ts";
import { extent, padded } from "./series.ts";
import type { OutputOf } from "./stage-output.ts";
import { type Look, themes } from "./theme.ts";

type Comparison = OutputOf<typeof networkComparison>;

/** The stationary network beside the mean field's fixed point. */
export const networkComparisonFigure: FigureKind<{ comparison: Comparison }> = {
  title: "The network at rest, and the mean field",

  caption({ comparison: { artifact, params } }) {
    const { rate_mean, rate_sd, rate_mu, rate_sigma } = artifact.arrays;
    const pair = (mean: number, sd: number) => `${rounded(mean)} ± ${rounded(sd)}`;
    const sides = ["excitatory", "inhibitory"].map(
      (name, k) =>
        `${name} ${pair(rate_mean.data[k]!, rate_sd.data[k]!)} Hz (mean field ${pair(rate_mu.data[k]!, rate_sigma.data[k]!)})`,
    );
    return (
      "Means and standard deviations over time of recorded cells' membrane potentials (without spikes and " +
      "refractoriness) and conductances, beside what the mean field gives for its fixed point; below, rates of both " +
      `populations in bins of 5 ms (bars) beside its Gaussians (lines). Drive ${written(params.mean_field.drive)} Hz, from ` +
      `${written(artifact.values.start_ms)} ms on. Rates: ${sides.join(", ")}.`
    );
  },

  rows({ comparison }, look) {
    const { excitatory, inhibitory, ink } = themes[look.theme];
    const cell = (name: "V" | "Ge" | "Gi", label: string) => moments(comparison, name, label, look);
    return [
      { height: 140, charts: [cell("V", "V (mV)"), cell("Ge", "G_{e} (nS)"), cell("Gi", "G_{i} (nS)")] },
      { height: 130, charts: [rates(comparison, "exc", look), rates(comparison, "inh", look)] },
      {
        legend: [
          { label: "excitatory cells", colour: excitatory, form: "dot" },
          { label: "inhibitory cells", colour: inhibitory, form: "dot" },
          { label: "mean field", colour: ink, form: "diamond" },
        ],
      },
    ] as const;
  },
};

function moments(
  { artifact, params }: Comparison,
  name: "V" | "Ge" | "Gi",
  label: string,
  look: Look,
): Chart {
  const { excitatory, inhibitory, ink } = themes[look.theme];
  const { arrays } = artifact;
  const { N, g } = params.network;
  const recorded = Array.from(arrays.recorded.data, (neuron, k) => ({
    population: neuron < N - Math.round(g * N) ? 0 : 1,
    mean: arrays[`mean_${name}`].data[k]!,
    sd: arrays[`sd_${name}`].data[k]!,
  }));
  const groups = [0, 1].map((population) => recorded.filter((each) => each.population === population));
  // Up to this many cells of each population are distinguishable.
  const shown = groups.flatMap((group) =>
    group.slice(0, 5).map((each, k, { length }) => ({
      ...each,
      x: each.population - 0.12 + 0.1 * (k - (length - 1) / 2),
    })),
  );
  const predicted = [0, 1].map((population) => ({
    x: population + 0.28,
    mean: arrays[`mu_${name}`].data[population]!,
    sd: arrays[`sigma_${name}`].data[population]!,
  }));
  const all = [...shown, ...predicted];
  const range = extent(all.flatMap(({ mean, sd }) => [mean - sd, mean + sd]));
  const colour = ({ population }: { population: number }) => (population === 0 ? excitatory : inhibitory);
  const bars = { x: "x", y1: spread(-1), y2: spread(1), strokeWidth: 1.2 };
  return {
    x: { label: "cells", domain: [-0.5, 1.5], ticks: [0, 1], format: (k) => (k === 0 ? "exc." : "inh.") },
    y: { label, domain: range ? padded(range) : [0, 1] },
    empty: range ? undefined : "no values",
    marks: [
      Plot.ruleX(shown, { ...bars, stroke: colour }),
      Plot.dot(shown, { x: "x", y: "mean", fill: colour, r: 2.2 }),
      Plot.ruleX(predicted, { ...bars, stroke: ink }),
      Plot.dot(predicted, { x: "x", y: "mean", fill: ink, symbol: "diamond", r: 3.2 }),
    ],
  };
}

const spread =
  (sign: number) =>
  ({ mean, sd }: { mean: number; sd: number }): number =>
    mean + sign * sd;

function rates({ artifact }: Comparison, population: "exc" | "inh", look: Look): Chart {
  const theme = themes[look.theme];
  const { arrays } = artifact;
  const [level, density] = [arrays[`level_${population}`].data, arrays[`density_${population}`].data];
  const [nu, predicted] = [arrays[`nu_${population}`].data, arrays[`predicted_${population}`].data];
  const half = level.length > 1 ? (level[1]! - level[0]!) / 2 : 0.5;
  const range = extent(
    level.map((x) => x - half),
    level.map((x) => x + half),
    nu,
  );
  const fill = population === "exc" ? theme.excitatory : theme.inhibitory;
  return {
    x: {
      label: population === "exc" ? "excitatory rate (Hz)" : "inhibitory rate (Hz)",
      domain: range ?? [0, 1],
    },
    y: { label: "density (1/Hz)", domain: [0, (extent(density, predicted)?.[1] || 1) * 1.05] },
    empty: range ? undefined : "no rates",
    marks: [
      Plot.rect(level, {
        ...{ x1: level.map((x) => x - half), x2: level.map((x) => x + half), y1: 0, y2: density },
        ...{ fill, fillOpacity: 0.6, stroke: fill, strokeWidth: 0.5 },
      }),
      Plot.line(nu, { x: nu, y: predicted, stroke: theme.ink, strokeWidth: 1.6 }),
    ],
  };
}
