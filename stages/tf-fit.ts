import { z } from "zod";
import { erfc, erfcinv, gaussian } from "../kernels/index.ts";
import { BadInput } from "../pipeline/errors.ts";
import type { Artifact, Stage } from "../pipeline/index.ts";
import { type Doubles, matrix, vector } from "./labelled-arrays.ts";
import { cellSchema } from "./model/parameters/cell.ts";
import { networkSchema } from "./model/parameters/network.ts";
import { type Reading, readingSchema } from "./model/parameters/reading.ts";
import {
  populationOf,
  termCount,
  thresholdTerms,
  unfitted,
} from "./model/transfer-function/transfer-function.ts";
import { leastSquares } from "./numerics/linear-algebra/least-squares.ts";
import {
  type Linearisation,
  levenbergMarquardt,
  type Minimum,
} from "./numerics/optimisation/levenberg-marquardt.ts";
import { linspace } from "./numerics/statistics/range.ts";
import type { TransferFunctionTable } from "./tf-simulation.ts";

const params = z.strictObject({ cell: cellSchema, network: networkSchema, reading: readingSchema });
type Params = z.infer<typeof params>;

/** Points of each curve. */
const curvePoints = 50;

/**
 * Coefficients of a cell's effective threshold, V, the mean squared errors of both steps of the fit, and the rates that
 * they give: `fitted` at the table's entries, `curve_rate` at `curve_nu_e`, from 0 to each row's last rate.
 */
export type TransferFunctionFit = Artifact<
  { P: Doubles; fitted: Doubles; curve_nu_e: Doubles; curve_rate: Doubles },
  { rate_mse: number; threshold_mse: number; reading: Reading; converged: boolean }
>;

const tfFit: Stage<Params, { table: TransferFunctionTable }, TransferFunctionFit> = {
  id: "tf-fit",
  params,
  async run({ params, inputs: { table } }) {
    const points = pointsOf(table, params);
    if (points.every(({ rate }) => rate === 0)) throw new SilentTable(params.cell.name);
    const threshold = fitThreshold(points);
    // In a noisy table the threshold of the firing entries makes silent ones fire, and the search ends on that
    // plateau. From a flat threshold it does not.
    const flat = Float64Array.from({ length: termCount }, (_, term) => (term === 0 ? -0.05 : 0));
    const { x: P, cost, converged } = best([threshold.P, flat].map((start) => fitRates(points, start)));
    return {
      arrays: { P: vector("term", P, "V"), ...fittedRates(params, table, P) },
      values: {
        rate_mse: cost / points.length,
        threshold_mse: threshold.mse,
        reading: params.reading,
        converged,
      },
    };
  },
};
export default tfFit;

/** The rates that the coefficients give along the rows of the table. */
function fittedRates(
  { cell, network, reading }: Params,
  { arrays: { nu_e, nu_i } }: TransferFunctionTable,
  P: Float64Array,
) {
  const coefficients = { arrays: { P: vector("term", P, "V") }, values: { reading } };
  const population = populationOf(cell, network, reading, coefficients);
  const [rows, columns] = nu_e.shape as [number, number];
  const curves = Array.from(nu_i.data, (_, row) =>
    linspace(0, nu_e.data[(row + 1) * columns - 1]!, curvePoints),
  );
  const abscissae = Float64Array.from(curves.flatMap((rates) => [...rates]));
  const rates = (at: Float64Array, width: number) =>
    at.map((nuE, index) => population.rate(nuE, nu_i.data[Math.floor(index / width)]!));
  const curve = (data: Float64Array) => matrix(["nu_i", "point"], [rows, curvePoints], data, "Hz");
  return {
    fitted: matrix(["nu_i", "n_e"], [rows, columns], rates(nu_e.data, columns), "Hz"),
    curve_nu_e: curve(abscissae),
    curve_rate: curve(rates(abscissae, curvePoints)),
  };
}

/** An entry of the table: its rate, and the terms of the effective threshold there. */
export interface Point {
  readonly rate: number;
  readonly terms: readonly number[];
  readonly mu_V: number;
  readonly sigma_V: number;
  readonly tau_V: number;
}

export function pointsOf(table: TransferFunctionTable, { cell, network, reading }: Params): Point[] {
  const { nu_e, nu_i, rate_mean } = table.arrays;
  const population = unfitted(cell, network, reading);
  const columns = nu_e.shape[1]!;
  return Array.from(rate_mean.data, (rate, index) => {
    const moments = population.moments(nu_e.data[index]!, nu_i.data[Math.floor(index / columns)]!);
    return { rate, terms: thresholdTerms(moments, cell), ...moments };
  });
}

/** First step: where the cell fires, the threshold that gives its rate is regressed on the terms. */
function fitThreshold(points: readonly Point[]): { P: Float64Array; mse: number } {
  const firing = points.filter(({ rate, tau_V }) => rate > 0 && 2 * tau_V * rate < 2);
  const thresholds = firing.map(
    ({ rate, mu_V, sigma_V, tau_V }) => mu_V + Math.SQRT2 * sigma_V * erfcinv(2 * tau_V * rate),
  );
  // At least as many equations as unknowns: missing entries have zero terms.
  const rows = firing.map(({ terms }) => terms);
  while (rows.length < points[0]!.terms.length) rows.push(points[0]!.terms.map(() => 0));
  const P = leastSquares(
    rows,
    Float64Array.from(rows, (_, i) => thresholds[i] ?? 0),
  );
  const errors = firing.map(({ terms }, i) => dot(P, terms) - thresholds[i]!);
  return { P, mse: dot(errors, errors) / firing.length };
}

/** Second step: least squares of the rates, over all entries. */
export function fitRates(points: readonly Point[], start: ArrayLike<number>) {
  const linearise = (P: Float64Array): Linearisation => {
    const residuals = new Float64Array(points.length);
    const jacobian = points.map(({ rate, terms, mu_V, sigma_V, tau_V }, i) => {
      const width = Math.SQRT2 * sigma_V;
      const u = (dot(P, terms) - mu_V) / width;
      residuals[i] = erfc(u) / (2 * tau_V) - rate;
      const slope = (-1.1283791670955126 * gaussian(u)) / (width * 2 * tau_V); // erfc′ = −2/√π·exp(−u²)
      return Float64Array.from(terms, (term) => slope * term);
    });
    return { residuals, jacobian };
  };
  return levenbergMarquardt(linearise, start);
}

/** The first of the lowest. */
const best = (minima: readonly Minimum[]): Minimum =>
  minima.reduce((lowest, minimum) => (minimum.cost < lowest.cost ? minimum : lowest));

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

class SilentTable extends BadInput {
  constructor(cell: string) {
    super(
      `${cell} fires nowhere in its table, so there is nothing to fit: raise tf.nu_e_max or tf.duration.`,
    );
  }
}
