import { log, type Moments, Population } from "../../../kernels/index.ts";
import { BadInput } from "../../../pipeline/errors.ts";
import type { Artifact } from "../../../pipeline/index.ts";
import type { Doubles } from "../../labelled-arrays.ts";
import { type CellParameters, cellInSI } from "../parameters/cell.ts";
import { type NetworkParameters, synapseCounts, synapsesInSI } from "../parameters/network.ts";
import type { Reading } from "../parameters/reading.ts";

/** Fitted coefficients of an effective threshold, V, and the reading of the equations they were fitted under. */
export type Coefficients = Artifact<{ P: Doubles }, { reading: Reading }>;

export const termCount = 11;

/**
 * A population of one cell type in a network.
 *
 * @throws BadInput if the coefficients were fitted under the other reading, because the transfer function would be off
 * by up to 28 Hz
 */
export function populationOf(
  cell: CellParameters,
  network: NetworkParameters,
  reading: Reading,
  coefficients: Coefficients,
): Population {
  const fitted = coefficients.values.reading;
  if (fitted !== reading) throw new WrongReading(cell.name, fitted, reading);
  return bare(cell, network, reading, coefficients.arrays.P.data);
}

/** A population without coefficients, for its moments. */
export const unfitted = (cell: CellParameters, network: NetworkParameters, reading: Reading): Population =>
  bare(cell, network, reading, new Float64Array(termCount));

function bare(cell: CellParameters, network: NetworkParameters, reading: Reading, P: ArrayLike<number>) {
  const synapses = synapsesInSI(network);
  return new Population({
    cell: cellInSI(cell),
    synapses,
    ...synapseCounts(network),
    X: reading === "as-coded" ? synapses.Qi : synapses.Ti,
    P,
  });
}

/** The eleven terms whose sum, weighted by the coefficients, is the effective threshold. */
export function thresholdTerms({ mu_V, sigma_V, tau_V, mu_G }: Moments, cell: CellParameters): number[] {
  const { Gl, Cm } = cellInSI(cell);
  const [x, y, z] = [(mu_V + 60e-3) / 10e-3, (sigma_V - 4e-3) / 6e-3, (tau_V * Gl) / Cm - 0.5];
  return [1, x, y, z, log(mu_G / Gl), x * x, y * y, z * z, x * y, x * z, y * z];
}

export class WrongReading extends BadInput {
  constructor(cell: string, fitted: Reading, asked: Reading) {
    super(
      `The coefficients of ${cell} were fitted under the reading ${fitted} and cannot be used under ${asked}: ` +
        `set reading=${fitted}, or coefficients=fit to fit them under ${asked}.`,
    );
  }
}
