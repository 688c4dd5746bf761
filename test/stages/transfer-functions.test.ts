// @module-tag slow
import { describe, expect, it } from "vitest";
import { coefficients } from "../../data/notebook.ts";
import { cells } from "../../stages/model/parameters/cells.ts";
import { networks } from "../../stages/model/parameters/networks.ts";
import type { Coefficients } from "../../stages/model/transfer-function/transfer-function.ts";
import { populationOf } from "../../stages/model/transfer-function/transfer-function.ts";
import tfFit, { fitRates, pointsOf } from "../../stages/tf-fit.ts";
import tfSimulation, { type TransferFunctionTable, tfSchema } from "../../stages/tf-simulation.ts";
import { golden, relative } from "../golden.ts";
import { idle } from "./context.ts";

interface GoldenTable {
  readonly cell: "RS-cell" | "FS-cell";
  readonly settings: { readonly n_nu_i: number };
  readonly simulations_run: number;
  readonly nu_i_hz: number[];
  readonly nu_e_hz: number[][];
  readonly rate_mean_hz: number[][];
  readonly rate_sd_hz: number[][];
}
const tables = golden("transfer_functions") as Record<"notebook" | "authors_stored_table", GoldenTable[]>;

describe("simulated tables equal those of the authors' code, spike for spike", () => {
  const both = [...tables.notebook, ...tables.authors_stored_table];
  it.each(both)("$cell, $settings.n_nu_i inhibitory rates", async (want) => {
    const params = tfSimulation.params.parse({
      cell: cells[want.cell],
      network: networks.CONFIG1,
      tf: tfSchema.parse({ nu_i_points: want.settings.n_nu_i }),
    });
    const { arrays, values } = await tfSimulation.run({ ...idle, params, inputs: {} });
    expect(values.simulations).toBe(want.simulations_run);
    expect([...arrays.nu_i.data]).toEqual(want.nu_i_hz);
    expect([...arrays.nu_e.data]).toEqual(want.nu_e_hz.flat());
    expect([...arrays.rate_mean.data]).toEqual(want.rate_mean_hz.flat());
    // NumPy squares through pow and this does not: the last digit of a standard deviation may differ.
    expect(relative(arrays.rate_sd.data, want.rate_sd_hz.flat())).toBeLessThan(1e-15);
  });
});

/** The notebook's table as the simulation stage would have made it. */
function tableOf(cell: "RS-cell" | "FS-cell"): TransferFunctionTable {
  const { nu_e_hz, nu_i_hz, rate_mean_hz, rate_sd_hz } = tables.notebook.find(
    (table) => table.cell === cell,
  )!;
  const grid = (rows: number[][]) => ({
    data: Float64Array.from(rows.flat()),
    shape: [rows.length, rows[0]!.length],
    dims: ["nu_i", "n_e"],
    units: "Hz",
  });
  const nu_i = { data: Float64Array.from(nu_i_hz), shape: [nu_i_hz.length], dims: ["nu_i"], units: "Hz" };
  return {
    arrays: { nu_i, nu_e: grid(nu_e_hz), rate_mean: grid(rate_mean_hz), rate_sd: grid(rate_sd_hz) },
    values: { simulations: 0 },
  };
}

describe("the fit", () => {
  const best = golden("notebook_printed").best_known_rate_objective_Hz2;
  const cases = (["RS-cell", "FS-cell"] as const).flatMap((cell) =>
    (["as-coded", "as-published"] as const).map((reading) => ({ cell, reading })),
  );
  const paramsOf = ({ cell, reading }: (typeof cases)[number]) => ({
    cell: cells[cell],
    network: networks.CONFIG1,
    reading,
  });

  it.each(cases)("reaches the best known error: $cell, $reading", async (which) => {
    const inputs = { table: tableOf(which.cell) };
    const { values } = await tfFit.run({ ...idle, params: paramsOf(which), inputs });
    expect(values.rate_mse).toBeCloseTo(best[which.reading][which.cell], 6);
  });

  it.each(cases)("keeps the rates that its coefficients give: $cell, $reading", async (which) => {
    const table = tableOf(which.cell);
    const { arrays, values } = await tfFit.run({ ...idle, params: paramsOf(which), inputs: { table } });
    const errors = arrays.fitted.data.map((rate, k) => rate - table.arrays.rate_mean.data[k]!);
    const squares = errors.reduce((sum, error) => sum + error * error, 0) / errors.length;
    expect(squares).toBeCloseTo(values.rate_mse, 10);
    // Curves go along the rows of the table, to the end of each.
    const [rows, columns] = arrays.fitted.shape as [number, number];
    const points = arrays.curve_rate.shape[1]!;
    expect(arrays.curve_nu_e.shape).toEqual([rows, points]);
    for (let row = 0; row < rows; row++) {
      const [end, last] = [(row + 1) * points - 1, (row + 1) * columns - 1];
      expect(arrays.curve_nu_e.data[row * points]).toBe(0);
      expect(arrays.curve_nu_e.data[end]).toBe(table.arrays.nu_e.data[last]);
      expect(arrays.curve_rate.data[end]).toBe(arrays.fitted.data[last]);
    }
  });

  it.each(cases)("comes to the same coefficients from other starts: $cell, $reading", async (which) => {
    const params = paramsOf(which);
    const points = pointsOf(tableOf(which.cell), params);
    const { arrays } = await tfFit.run({ ...idle, params, inputs: { table: tableOf(which.cell) } });
    const flat = Float64Array.from({ length: 11 }, (_, k) => (k === 0 ? -0.05 : 0));
    const uneven = Float64Array.from({ length: 11 }, (_, k) =>
      k === 0 ? -0.052 : 0.003 * (((7 * k) % 5) - 2),
    );
    for (const start of [
      flat,
      uneven,
      coefficients.notebook[which.cell]!,
      coefficients.authors[which.cell]!,
    ]) {
      const { x, converged } = fitRates(points, start);
      expect(converged).toBe(true);
      // Relative to the largest coefficient: conditioning of about 1e4 leaves eight digits of the optimum.
      const scale = Math.max(...arrays.P.data.map(Math.abs));
      expect(Math.max(...x.map((value, k) => Math.abs(value - arrays.P.data[k]!))) / scale).toBeLessThan(
        1e-6,
      );
    }
  });

  it("does not end on the plateau that a noisy table's own thresholds lead to", async () => {
    const params = { cell: cells["FS-cell"], network: networks.CONFIG1 };
    const tf = tfSchema.parse({ duration: 1 });
    const table = await tfSimulation.run({ ...idle, params: { ...params, tf }, inputs: {} });
    for (const reading of ["as-coded", "as-published"] as const) {
      const { values } = await tfFit.run({ ...idle, params: { ...params, reading }, inputs: { table } });
      expect(values).toMatchObject({ converged: true });
      expect(values.rate_mse).toBeLessThan(0.5); // 840 on the plateau, where all cells fire all the time
    }
  });

  it("has, with the notebook's coefficients, the error the notebook prints", () => {
    for (const cell of ["RS-cell", "FS-cell"] as const) {
      const table = tableOf(cell).arrays;
      const fit: Coefficients = {
        arrays: {
          P: {
            data: Float64Array.from(coefficients.notebook[cell]!),
            shape: [11],
            dims: ["term"],
            units: "V",
          },
        },
        values: { reading: "as-coded" },
      };
      const population = populationOf(cells[cell], networks.CONFIG1, "as-coded", fit);
      const errors = Array.from(table.rate_mean.data, (rate, k) => {
        return population.rate(table.nu_e.data[k]!, table.nu_i.data[Math.floor(k / 10)]!) - rate;
      });
      const mse = errors.reduce((sum, error) => sum + error * error, 0) / errors.length;
      expect(mse).toBeCloseTo(golden("notebook_printed").rate_objective_Hz2[cell], 6);
    }
  });
});
