import { z } from "zod";
import type { Moments } from "../kernels/index.ts";
import type { Artifact, Stage } from "../pipeline/index.ts";
import type { FixedPoint } from "./fixed-point.ts";
import { type Doubles, vector } from "./labelled-arrays.ts";
import { driveOf, fieldSchema, meanFieldOf } from "./model/mean-field/field.ts";
import { euler, type SecondOrderState, secondOrder } from "./model/mean-field/mean-field.ts";
import { afferentRate, waveformSchema } from "./model/stimulus/waveform.ts";
import type { Coefficients } from "./model/transfer-function/transfer-function.ts";

const params = z.strictObject({ ...fieldSchema, waveform: waveformSchema });
type Params = z.infer<typeof params>;

/**
 * Second-order response of the network to a transient input. Mean and SD of the potential are over all cells. At rates
 * close to 0 the expansion breaks down and the covariances diverge; `bounded` says whether all rates stayed below 1
 * kHz.
 */
export type WaveformMeanField = Artifact<
  {
    time: Doubles;
    afferent: Doubles;
    nu_e: Doubles;
    nu_i: Doubles;
    c_ee: Doubles;
    c_ei: Doubles;
    c_ii: Doubles;
    mu_V: Doubles;
    sigma_V: Doubles;
  },
  { bounded: boolean }
>;

const waveformMeanField: Stage<
  Params,
  { exc: Coefficients; inh: Coefficients; fixedPoint: FixedPoint },
  WaveformMeanField
> = {
  id: "waveform-mean-field",
  params,
  async run({ params, inputs, progress }) {
    const { waveform, network } = params;
    const field = meanFieldOf(params, inputs);
    const dt = Math.min(5e-4, field.T / 10); // s
    const drive = driveOf(params);
    const n = Math.trunc(waveform.duration / 1e3 / dt);
    const series = Array.from({ length: 9 }, () => new Float64Array(n));
    let state = startOf(params, inputs.fixedPoint);
    for (let i = 0; i < n; i++) {
      const ms = i * dt * 1e3;
      const afferent = afferentRate(waveform, ms);
      // α is the fraction on excitatory cells: 1 − α reaches all cells, and 2α − 1 more the excitatory ones.
      const common = drive.inh + (1 - network.afferent) * afferent;
      const input = { inh: common, exc: common + (2 * network.afferent - 1) * afferent };
      const { mu_V, sigma_V } = mixture(
        network.g,
        field.exc.moments(state[0] + input.exc, state[1]),
        field.inh.moments(state[0] + input.inh, state[1]),
      );
      for (const [k, value] of [i * dt, afferent, ...state, mu_V, sigma_V].entries()) series[k]![i] = value;
      state = euler(state, secondOrder(field, state, input), dt / field.T);
      if (i % 200 === 0) await progress(i / n);
    }
    const units = ["s", "Hz", "Hz", "Hz", "Hz²", "Hz²", "Hz²", "V", "V"];
    const [time, afferent, nu_e, nu_i, c_ee, c_ei, c_ii, mu_V, sigma_V] = series.map((data, k) =>
      vector("time", data, units[k]!),
    ) as [Doubles, Doubles, Doubles, Doubles, Doubles, Doubles, Doubles, Doubles, Doubles];
    const bounded = series.slice(2, 4).every((rates) => rates.every((rate) => Math.abs(rate) < 1000));
    return { arrays: { time, afferent, nu_e, nu_i, c_ee, c_ei, c_ii, mu_V, sigma_V }, values: { bounded } };
  },
};
export default waveformMeanField;

/**
 * As coded, the covariances start from standard deviations; the difference is gone after 50 ms. Without a second-order
 * fixed point the run starts from the first-order one.
 */
function startOf({ reading }: Params, fixedPoint: FixedPoint): SecondOrderState {
  const { first_order, second_order, second_order_as_coded } = fixedPoint.arrays;
  const [nuE, nuI, ...covariances] = (reading === "as-coded" ? second_order_as_coded : second_order).data;
  if (!Number.isFinite(nuE)) return [...first_order.data, 0, 0, 0] as unknown as SecondOrderState;
  const start = covariances.map((c) => (reading === "as-coded" ? Math.sqrt(Math.abs(c)) : c));
  return [nuE, nuI, ...start] as unknown as SecondOrderState;
}

/** Mean and SD of the potential over both populations; the fraction `g` of the cells is inhibitory. */
function mixture(g: number, exc: Moments, inh: Moments): { mu_V: number; sigma_V: number } {
  const mu_V = (1 - g) * exc.mu_V + g * inh.mu_V;
  const [de, di] = [exc.mu_V - mu_V, inh.mu_V - mu_V];
  const variance =
    (1 - g) * (exc.sigma_V * exc.sigma_V + de * de) + g * (inh.sigma_V * inh.sigma_V + di * di);
  return { mu_V, sigma_V: Math.sqrt(variance) };
}
