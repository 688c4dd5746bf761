import { z } from "zod";
import type { Artifact, Stage } from "../pipeline/index.ts";
import { type Doubles, vector } from "./labelled-arrays.ts";
import { driveOf, type FieldParameters, fieldSchema, meanFieldOf } from "./model/mean-field/field.ts";
import {
  eigenvalues,
  firstOrderFixedPoint,
  jacobian,
  secondOrderAsCoded,
  secondOrderFixedPoint,
} from "./model/mean-field/mean-field.ts";
import type { Coefficients } from "./model/transfer-function/transfer-function.ts";

/**
 * The state that the network settles in under its drive. Along `moment`: ν_e, ν_i (Hz), c_ee, c_ei, c_ii
 * (Hz²); along `population`: excitatory, inhibitory, at the first-order rates.
 */
export type FixedPoint = Artifact<
  {
    first_order: Doubles;
    second_order: Doubles;
    second_order_as_coded: Doubles;
    mu_V: Doubles;
    sigma_V: Doubles;
    tau_V: Doubles;
    eigenvalues: Doubles;
    eigenvalues_imaginary: Doubles;
  },
  { stable: boolean; second_order_exists: boolean }
>;

const fixedPoint: Stage<FieldParameters, { exc: Coefficients; inh: Coefficients }, FixedPoint> = {
  id: "fixed-point",
  params: z.strictObject(fieldSchema),
  async run({ params, inputs }) {
    const field = meanFieldOf(params, inputs);
    const drive = driveOf(params);
    const rates = firstOrderFixedPoint(field, drive);
    const asCoded = secondOrderAsCoded(field, drive, rates);
    const converged = secondOrderFixedPoint(field, drive, rates);
    const [[ee, ei], [ie, ii]] = jacobian(field, rates, drive) as [[number, number], [number, number]];
    const modes = eigenvalues([
      [(ee - 1) / field.T, ei / field.T],
      [ie / field.T, (ii - 1) / field.T],
    ]);
    const moments = [
      field.exc.moments(rates[0] + drive.exc, rates[1]),
      field.inh.moments(rates[0] + drive.inh, rates[1]),
    ];
    const perPopulation = (name: "mu_V" | "sigma_V" | "tau_V", units: string) =>
      vector(
        "population",
        Float64Array.from(moments, (moment) => moment[name]),
        units,
      );
    return {
      arrays: {
        first_order: vector("population", Float64Array.from(rates), "Hz"),
        second_order: vector("moment", Float64Array.from(converged), "Hz, Hz²"),
        second_order_as_coded: vector("moment", Float64Array.from(asCoded), "Hz, Hz²"),
        mu_V: perPopulation("mu_V", "V"),
        sigma_V: perPopulation("sigma_V", "V"),
        tau_V: perPopulation("tau_V", "s"),
        eigenvalues: vector("eigenvalue", Float64Array.from(modes.real), "1/s"),
        eigenvalues_imaginary: vector("eigenvalue", Float64Array.from(modes.imaginary), "1/s"),
      },
      values: {
        stable: Math.max(...modes.real) < 0,
        second_order_exists: converged.every(Number.isFinite),
      },
    };
  },
};
export default fixedPoint;
