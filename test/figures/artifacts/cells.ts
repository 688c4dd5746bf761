import type { OutputOf } from "../../../figures/stage-output.ts";
import { matrix, vector } from "../../../stages/labelled-arrays.ts";
import { cells } from "../../../stages/model/parameters/cells.ts";
import type stepResponse from "../../../stages/step-response.ts";
import type tfFit from "../../../stages/tf-fit.ts";
import type tfSimulation from "../../../stages/tf-simulation.ts";
import { tfSchema } from "../../../stages/tf-simulation.ts";
import { network, noise, numbers } from "./numbers.ts";

export function stepOf(cell: "RS-cell" | "FS-cell", samples = 71): OutputOf<typeof stepResponse> {
  const time = numbers(samples, (k) => 10 * k);
  const isOn = (t: number) => t > 100 && t < 500;
  return {
    artifact: {
      arrays: {
        time: vector("time", time, "ms"),
        V_positive: vector(
          "time",
          time.map((t) => (isOn(t) ? -55 + (t % 50) / 10 : -65)),
          "mV",
        ),
        V_negative: vector(
          "time",
          time.map((t) => (isOn(t) ? -85 : -65)),
          "mV",
        ),
        spike_times: vector(
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

export function tableOf(cell: "RS-cell" | "FS-cell"): OutputOf<typeof tfSimulation> {
  const table = (of: (row: number, column: number) => number) =>
    matrix(
      ["nu_i", "n_e"],
      [rows, columns],
      numbers(rows * columns, (k) => of(Math.floor(k / columns), k % columns)),
      "Hz",
    );
  return {
    artifact: {
      arrays: {
        nu_i: vector(
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

export function fitOf(cell: "RS-cell" | "FS-cell"): OutputOf<typeof tfFit> {
  const curve = (of: (row: number, share: number) => number) =>
    matrix(
      ["nu_i", "point"],
      [rows, points],
      numbers(rows * points, (k) => of(Math.floor(k / points), (k % points) / (points - 1))),
      "Hz",
    );
  return {
    artifact: {
      arrays: {
        P: vector("term", new Float64Array(11), "V"),
        fitted: matrix(
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
