import type { Inference } from "../../figures/inference.ts";
import type { Run } from "../../figures/network.ts";
import type { Crossings } from "../../figures/propagation.ts";
import type { Made, MadeBy, Results } from "../../figures/results.ts";
import type { Scan } from "../../figures/scan.ts";
import { along, grid } from "../../stages/arrays.ts";
import { cells } from "../../stages/model/cells.ts";
import { comparisonSchema } from "../../stages/model/comparison.ts";
import { networks } from "../../stages/model/networks.ts";
import {
  recordingPropagationSchema,
  trialPropagationSchema,
} from "../../stages/model/propagation-settings.ts";
import { spikingSchema } from "../../stages/model/spiking.ts";
import { ringSchema } from "../../stages/model/trial.ts";
import { waveformSchema } from "../../stages/model/waveform.ts";
import type networkComparison from "../../stages/network-comparison.ts";
import type recording from "../../stages/recording.ts";
import type residual from "../../stages/residual.ts";
import type ringTrial from "../../stages/ring-trial.ts";
import type stepResponse from "../../stages/step-response.ts";
import type tfFit from "../../stages/tf-fit.ts";
import type tfSimulation from "../../stages/tf-simulation.ts";
import { tfSchema } from "../../stages/tf-simulation.ts";
import type waveformComparison from "../../stages/waveform-comparison.ts";
import type waveformNetwork from "../../stages/waveform-network.ts";

/*
 * Artifacts as stages make them, small and made by hand: figures stay the same while the science changes. Only
 * arithmetic that is the same on every machine; nothing here means anything.
 */

const numbers = (length: number, of: (k: number) => number) => Float64Array.from({ length }, (_, k) => of(k));
const bump = (x: number) => 1 / (1 + x * x);
/** Up and down without a period that one sees, −1 to 1. */
const noise = (k: number) => ((k * 7919) % 101) / 50 - 1;

const network = { ...networks.CONFIG1, N: 50 };
const pair = { exc: cells["RS-cell"], inh: cells["FS-cell"] };
const field = { cells: pair, network, reading: "as-coded" as const, mean_field: { T: 5, drive: 4 } };

export function stepOf(cell: "RS-cell" | "FS-cell", samples = 71): MadeBy<typeof stepResponse> {
  const time = numbers(samples, (k) => 10 * k);
  const isOn = (t: number) => t > 100 && t < 500;
  return {
    artifact: {
      arrays: {
        time: along("time", time, "ms"),
        V_positive: along(
          "time",
          time.map((t) => (isOn(t) ? -55 + (t % 50) / 10 : -65)),
          "mV",
        ),
        V_negative: along(
          "time",
          time.map((t) => (isOn(t) ? -85 : -65)),
          "mV",
        ),
        spike_times: along(
          "spike",
          numbers(samples && 4, (k) => 150 + 90 * k),
          "ms",
        ),
      },
      values: { current_pA: 200 },
    },
    params: { cell: cells[cell] },
  };
}

const [rows, columns, points] = [3, 4, 6];

function tableOf(cell: "RS-cell" | "FS-cell"): MadeBy<typeof tfSimulation> {
  const table = (of: (row: number, column: number) => number) =>
    grid(
      ["nu_i", "n_e"],
      [rows, columns],
      numbers(rows * columns, (k) => of(Math.floor(k / columns), k % columns)),
      "Hz",
    );
  return {
    artifact: {
      arrays: {
        nu_i: along(
          "nu_i",
          numbers(rows, (row) => 10 * row),
          "Hz",
        ),
        nu_e: table((row, column) => column * (row + 1)),
        rate_mean: table((_, column) => column * column * 3),
        rate_sd: table((row, column) => (column * (row + 1)) / 10),
      },
      values: { simulations: 40 },
    },
    params: { cell: cells[cell], network, tf: tfSchema.parse({}) },
  };
}

function fitOf(cell: "RS-cell" | "FS-cell"): MadeBy<typeof tfFit> {
  const curve = (of: (row: number, share: number) => number) =>
    grid(
      ["nu_i", "point"],
      [rows, points],
      numbers(rows * points, (k) => of(Math.floor(k / points), (k % points) / (points - 1))),
      "Hz",
    );
  return {
    artifact: {
      arrays: {
        P: along("term", new Float64Array(11), "V"),
        fitted: grid(
          ["nu_i", "n_e"],
          [rows, columns],
          numbers(rows * columns, (k) => (k % columns) ** 2 * 3 + noise(k)),
          "Hz",
        ),
        curve_nu_e: curve((row, share) => share * (columns - 1) * (row + 1)),
        curve_rate: curve((_, share) => 27 * share * share),
      },
      values: { rate_mse: 0.25, threshold_mse: 1e-7, reading: "as-coded", converged: true },
    },
    params: { cell: cells[cell], network, reading: "as-coded" },
  };
}

const simulated = { cells: pair, network, mean_field: { drive: 4 } };

function runOf(duration: number, spikes: number): Run["artifact"] {
  const time = numbers(duration / 2.5, (k) => 2.5 * k);
  const trace = (of: (k: number) => number, units: string) =>
    grid(["recorded", "time"], [2, time.length], numbers(2 * time.length, of), units);
  return {
    arrays: {
      time: along("time", time, "ms"),
      rate_exc: along(
        "time",
        numbers(time.length, (k) => 2.5 + noise(k)),
        "Hz",
      ),
      rate_inh: along(
        "time",
        numbers(time.length, (k) => 9 + 3 * noise(k)),
        "Hz",
      ),
      spike_times: along(
        "spike",
        numbers(spikes, (k) => ((k + 0.5) * duration) / spikes),
        "ms",
      ),
      spike_neurons: along(
        "spike",
        Uint16Array.from({ length: spikes }, (_, k) => (k * 7) % 50),
        "1",
      ),
      recorded: along("recorded", Uint16Array.of(0, 40), "1"),
      V: trace((k) => -58 + 5 * noise(k), "mV"),
      Ge: trace((k) => 12 + 3 * noise(k), "nS"),
      Gi: trace((k) => 25 + 8 * noise(k), "nS"),
    },
    values: { cells_exc: 40, cells_inh: 10, synapses: 100 },
  };
}

export const runMade = (spikes = 60): Run => ({
  artifact: runOf(200, spikes),
  params: { ...simulated, spiking: spikingSchema.parse({}) },
});

const waveform = waveformSchema.parse({ t0: 120, T1: 20, T2: 30, duration: 200 });
const { duration: _, ...stepping } = spikingSchema.parse({});
const waveformRun: MadeBy<typeof waveformNetwork> = {
  artifact: runOf(200, 60),
  params: { ...simulated, spiking: stepping, waveform },
};

function comparisonOf(): MadeBy<typeof networkComparison> {
  const perCell = (values: readonly number[], units: string) =>
    along("recorded", Float64Array.from(values), units);
  const perPopulation = (values: readonly number[], units: string) =>
    along("population", Float64Array.from(values), units);
  const density = (population: "exc" | "inh", mean: number) => ({
    [`level_${population}`]: along(
      `level_${population}`,
      numbers(4, (k) => mean - 0.75 + 0.5 * k),
      "Hz",
    ),
    [`density_${population}`]: along(`level_${population}`, Float64Array.of(0.3, 0.8, 0.6, 0.3), "1/Hz"),
    [`nu_${population}`]: along(
      `nu_${population}`,
      numbers(9, (k) => mean - 1 + k / 4),
      "Hz",
    ),
    [`predicted_${population}`]: along(
      `nu_${population}`,
      numbers(9, (k) => bump(k - 4)),
      "1/Hz",
    ),
  });
  type Comparison = MadeBy<typeof networkComparison>;
  const arrays = {
    time: along(
      "time",
      numbers(4, (k) => 2.5 + 5 * k),
      "ms",
    ),
    rate_exc: along(
      "time",
      numbers(4, (k) => 2 + noise(k)),
      "Hz",
    ),
    rate_inh: along(
      "time",
      numbers(4, (k) => 9 + noise(k)),
      "Hz",
    ),
    ...density("exc", 2.5),
    ...density("inh", 9.6),
    rate_mean: perPopulation([2.4, 9.5], "Hz"),
    rate_sd: perPopulation([0.4, 0.8], "Hz"),
    rate_mu: perPopulation([2.5, 9.6], "Hz"),
    rate_sigma: perPopulation([0.3, 0.5], "Hz"),
    recorded: along("recorded", Uint16Array.of(0, 1, 40), "1"),
    ...{ mean_V: perCell([-56, -56.5, -55], "mV"), sd_V: perCell([3, 3.2, 2.8], "mV") },
    ...{ mean_Ge: perCell([12, 11.5, 12.5], "nS"), sd_Ge: perCell([2, 2.2, 2.1], "nS") },
    ...{ mean_Gi: perCell([24, 22, 25], "nS"), sd_Gi: perCell([8, 7, 7.5], "nS") },
    ...{ mu_V: perPopulation([-55, -55], "mV"), sigma_V: perPopulation([2.2, 2.2], "mV") },
    ...{ mu_Ge: perPopulation([13, 13], "nS"), sigma_Ge: perPopulation([2.5, 2.5], "nS") },
    ...{ mu_Gi: perPopulation([24, 24], "nS"), sigma_Gi: perPopulation([7.8, 7.8], "nS") },
  };
  return {
    artifact: { arrays: arrays as unknown as Comparison["artifact"]["arrays"], values: { start_ms: 500 } },
    params: { ...field, mean_field: { drive: 4 } },
  };
}

function waveformComparisonOf(): MadeBy<typeof waveformComparison> {
  const bins = 40;
  const over = (of: (swell: number, k: number) => number, units: string) =>
    along(
      "time",
      numbers(bins, (k) => of(bump((5 * k - 120) / 25), k)),
      units,
    );
  const perPopulation = (of: (swell: number, k: number) => number, units: string) =>
    grid(
      ["population", "time"],
      [2, bins],
      numbers(2 * bins, (k) => of(bump((5 * (k % bins) - 120) / 25), k)),
      units,
    );
  return {
    artifact: {
      arrays: {
        time: along(
          "time",
          numbers(bins, (k) => 2.5 + 5 * k),
          "ms",
        ),
        afferent: over((swell) => 2 * swell, "Hz"),
        rate_exc: over((swell, k) => 2.5 + 8 * swell + noise(k), "Hz"),
        rate_inh: over((swell, k) => 9 + 12 * swell + noise(k), "Hz"),
        nu_exc: over((swell) => 2.5 + 7 * swell, "Hz"),
        nu_inh: over((swell) => 9 + 10 * swell, "Hz"),
        sigma_nu_exc: over(() => 0.4, "Hz"),
        sigma_nu_inh: over(() => 0.8, "Hz"),
        mean_V: perPopulation((swell, k) => -56 + 4 * swell + noise(k), "mV"),
        mean_Ge: perPopulation((swell, k) => 12 + 20 * swell + noise(k), "nS"),
        mean_Gi: perPopulation((swell, k) => 24 + 30 * swell + 3 * noise(k), "nS"),
        mu_V: perPopulation((swell) => -55 + 4 * swell, "mV"),
        sigma_V: perPopulation(() => 2.2, "mV"),
        mu_Ge: perPopulation((swell) => 13 + 18 * swell, "nS"),
        sigma_Ge: perPopulation(() => 2.5, "nS"),
        mu_Gi: perPopulation((swell) => 24 + 25 * swell, "nS"),
        sigma_Gi: perPopulation(() => 8, "nS"),
      },
      values: { peak_network_exc: 10.5, peak_mean_field_exc: 9.5 },
    },
    params: { ...field, mean_field: { drive: 4 } },
  };
}

export function trialOf(changes: object = {}, value = (swell: number) => swell): MadeBy<typeof ringTrial> {
  const [steps, pixels] = [12, 7];
  const map = (rest: number, more: number, units: string) =>
    grid(
      ["time", "space"],
      [steps, pixels],
      numbers(steps * pixels, (k) => {
        const [t, x] = [Math.floor(k / pixels) - 4, (k % pixels) - 3];
        return value(rest + more * bump(t / 2) * bump(x));
      }),
      units,
    );
  return {
    artifact: {
      arrays: {
        time: along(
          "time",
          numbers(steps, (k) => k * 0.05),
          "s",
        ),
        space: along(
          "space",
          numbers(pixels, (k) => 6 * k),
          "mm",
        ),
        nu_aff: map(0, 15, "Hz"),
        nu_e: map(2.5, 70, "Hz"),
        nu_i: map(9.6, 20, "Hz"),
        delta_V: map(0, 0.06, "1"),
      },
      values: { extent: 36 },
    },
    params: { ...field, ring: ringSchema.parse({ pixels, ...changes }) },
  };
}

/** A wave from the middle of so many rows, the outermost without a response. */
function crossingsOf(rows: number, pitch: number, line: string): Crossings["artifact"] {
  const middle = ((rows - 1) / 2) * pitch;
  const crossing = numbers(rows, (k) => (k === 0 ? Number.NaN : 20 + 12 * Math.abs(pitch * k - middle)));
  const column = (units: string, below: number, above: number) =>
    along("piece", Float64Array.of(below, above), units);
  return {
    arrays: {
      space: along(
        "space",
        numbers(rows, (k) => pitch * k),
        "mm",
      ),
      crossing: along("space", crossing, "ms"),
      ...{ from: column("mm", 0, middle), to: column("mm", middle, 100) },
      ...{ points: column("1", rows, rows), effective: column("1", rows, rows) },
      ...{
        slope: column("ms/mm", -12, 12),
        slope_low: column("ms/mm", -13, 11),
        slope_high: column("ms/mm", -11, 13),
      },
      intercept: column("ms", 20 + 12 * middle, 20 - 12 * middle),
      ...{
        speed: column("mm/s", -83, 83),
        speed_low: column("mm/s", -91, 77),
        speed_high: column("mm/s", -77, 91),
      },
    },
    values: { line, speeds: ["83 mm/s towards smaller x", "83 mm/s towards larger x"], apex: middle },
  };
}

export function recordingOf(value = (vsd: number) => vsd): MadeBy<typeof recording> {
  const [rows, frames] = [8, 30];
  const vsd = numbers(rows * frames, (k) => {
    const [x, t] = [Math.floor(k / frames), (k % frames) * 10 - 100];
    return value(1.2 * bump((t - 20) / 60) * bump((x - 4) / 3) + noise(k) / 20);
  });
  return {
    artifact: {
      arrays: {
        time: along(
          "time",
          numbers(frames, (k) => k * 10 - 100),
          "ms",
        ),
        space: along(
          "space",
          numbers(rows, (k) => k / 2),
          "mm",
        ),
        vsd: grid(["space", "time"], [rows, frames], vsd, "‰"),
      },
      values: { missing: 3 },
    },
    params: { file: "made_5020.mat" },
  };
}

function residualOf(): MadeBy<typeof residual> {
  const [rows, frames] = [6, 20];
  const map = (width: number) =>
    grid(
      ["space", "time"],
      [rows, frames],
      numbers(
        rows * frames,
        (k) => bump(((k % frames) - 5) / width) * bump((Math.floor(k / frames) - 3) / 2),
      ),
      "1",
    );
  return {
    artifact: {
      arrays: {
        space: along(
          "space",
          numbers(rows, (k) => 1.2 * (k - 3)),
          "mm",
        ),
        time: along(
          "time",
          numbers(frames, (k) => 10 * (k - 5)),
          "ms",
        ),
        model: map(6),
        data: map(4),
      },
      values: { residual: 18.412793602 },
    },
    params: { residual: comparisonSchema.parse({}) },
  };
}

export const recordings = ["one", "two", "three"];

export function scanOf(value = (residual: number) => residual): Scan {
  const axes = {
    ...{
      v_c: [50, 325, 600],
      l_stim: [0.2, 2],
      l_exc: [1, 7],
      l_inh: [1, 7],
      tau2: [50, 200],
      tau1: [5, 50],
    },
  };
  const units = { v_c: "mm/s", l_stim: "mm", l_exc: "mm", l_inh: "mm", tau2: "ms", tau1: "ms" };
  const shape = [3, 2, 2, 2, 2, 2, recordings.length];
  const size = shape.reduce((product, length) => product * length, 1);
  const residual = {
    data: numbers(size, (k) => value(3 + ((k * 7919) % 1009) / (1 + (k % 3)))),
    ...{ shape, dims: [...Object.keys(axes), "recording"], units: "1" },
  };
  const coordinates = Object.entries(axes).map(([name, values]) => [
    name,
    along(name, Float64Array.from(values), units[name as keyof typeof units]),
  ]);
  return {
    artifact: {
      arrays: { ...Object.fromEntries(coordinates), residual } as Scan["artifact"]["arrays"],
      values: { recording: recordings },
    },
    params: {},
  };
}

const tested = { outcome: "tested", count: 3, statistic: 2, df: 2, interval: [-4, 12] } as const;

export function inferenceOf(count = recordings.length): Inference {
  const column = (units: string, ...values: number[]) =>
    along("recording", Float64Array.from(values.slice(0, count)), units);
  return {
    artifact: {
      arrays: {
        ...{ v_c: column("mm/s", 325, 50, 600), l_stim: column("mm", 0.2, 2, 0.2) },
        ...{ l_exc: column("mm", 7, 7, 7), l_inh: column("mm", 1, 1, 7) },
        ...{ tau2: column("ms", 50, 200, 200), tau1: column("ms", 5, 50, 5) },
        duration: column("ms", 10, 50, Number.NaN),
        residual: column("1", 3, 4, 5),
        shared: along(
          "recording",
          Int32Array.from({ length: count }, () => 1),
          "1",
        ),
      },
      values: {
        recording: recordings.slice(0, count),
        mean: { v_c: 325, l_stim: 0.8, l_exc: 7, l_inh: 3, tau2: 150, tau1: 20 },
        sd: { v_c: 224.5, l_stim: 0.85, l_exc: 0, l_inh: 2.83, tau2: 70.7, tau1: 21.2 },
        units: { v_c: "mm/s", l_stim: "mm", l_exc: "mm", l_inh: "mm", tau2: "ms", tau1: "ms" },
        tests: {
          l_exc_l_inh: { ...tested, estimate: 4, p: 0.184 },
          tau1_duration: {
            outcome: "not enough",
            count: 2,
            reason: "a correlation takes at least 3 recordings",
          },
          tau2_duration: { ...tested, estimate: 0.72, p: 0.0078 },
        },
        borders: [],
        warnings: [],
      },
    },
    params: { durations: { one: 10, two: 50 } },
  };
}

const variants = {
  baseline: {},
  "slow-conduction": { v_c: 50 },
  "brief-stimulus": { tau1: 10, tau2: 50 },
  "wide-stimulus": { l_exc: 1, l_stim: 4 },
};

/** One of everything. */
export function results(): Results {
  const cellNames = ["RS-cell", "FS-cell"] as const;
  return new Map<string, Made>([
    ...cellNames.map((cell) => [`step-response/${cell}`, stepOf(cell)] as const),
    ...cellNames.map((cell) => [`tf-simulation/${cell}`, tableOf(cell)] as const),
    ...cellNames.map((cell) => [`tf-fit/${cell}`, fitOf(cell)] as const),
    ["network", runMade()],
    ["network-comparison", comparisonOf()],
    ["waveform-network", waveformRun],
    ["waveform-comparison", waveformComparisonOf()],
    ...Object.entries(variants).map(([name, changes]) => [`ring-trial/${name}`, trialOf(changes)] as const),
    [
      "propagation/trial/baseline",
      {
        artifact: crossingsOf(7, 6, "6 of 7 pixels respond"),
        params: trialPropagationSchema.parse({ propagation: {} }),
      },
    ],
    ["recording/one", recordingOf()],
    [
      "propagation/recording/one",
      {
        artifact: crossingsOf(8, 0.5, "7 of 8 rows respond"),
        params: recordingPropagationSchema.parse({ propagation: {} }),
      },
    ],
    ["residual/baseline/one", residualOf()],
    ["scan", scanOf()],
    ["inference", inferenceOf()],
  ]);
}
