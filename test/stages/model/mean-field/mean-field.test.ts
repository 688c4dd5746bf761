import { describe, expect, it } from "vitest";
import fixedPoint from "../../../../stages/fixed-point.ts";
import { meanFieldOf } from "../../../../stages/model/mean-field/field.ts";
import { firstOrder, type MeanField, type Rates } from "../../../../stages/model/mean-field/mean-field.ts";
import { networks } from "../../../../stages/model/parameters/networks.ts";
import { doubleGaussian } from "../../../../stages/model/stimulus/stimulus.ts";
import { waveformSchema } from "../../../../stages/model/stimulus/waveform.ts";
import waveformMeanField from "../../../../stages/waveform-mean-field.ts";
import { golden, relative } from "../../../golden.ts";
import { field, idle, notebook } from "../../context.ts";

const want = golden("mean_field");
const { "RS-cell": exc, "FS-cell": inh } = golden("notebook_printed").coefficients_mV;
const coefficientsPrinted: Record<"exc" | "inh", number[]> = { exc, inh };
const at = (drive: number) => fixedPoint.run({ ...idle, params: field(drive), inputs: notebook });

describe("the fixed point", () => {
  it.each(Object.keys(want.fixed_points_by_drive_hz))(
    "at a drive of %s Hz is the authors'",
    async (drive) => {
      const { arrays } = await at(Number(drive));
      const reference = want.fixed_points_by_drive_hz[drive];
      expect(relative(arrays.first_order.data, reference.first_order)).toBeLessThan(1e-8);
      // Their derivatives are differences of 1e-4 Hz, whose rounding alone is worth 1e-7.
      expect(relative(arrays.second_order_as_coded.data, reference.second_order_as_coded_20ms)).toBeLessThan(
        2e-7,
      );
      expect(relative(arrays.second_order.data, reference.second_order_converged)).toBeLessThan(1e-7);
    },
  );

  it("has the notebook's printed digits, as far as its printed coefficients determine them", async () => {
    // The notebook ran with unrounded coefficients and prints nine digits of them. What that rounding can do
    // to the fixed point, coefficient by coefficient:
    const plain = (await at(4)).arrays;
    const slack = { first_order: [0, 0], second_order_as_coded: [0, 0, 0, 0, 0] };
    for (const population of ["exc", "inh"] as const) {
      for (let term = 0; term < 11; term++) {
        const inputs = structuredClone(notebook);
        // The last printed digit, mV: eight decimals for RS; eight of d.dddde±xx for FS.
        const leading = Math.abs(coefficientsPrinted[population][term]!);
        const unit = population === "exc" ? 1e-8 : 10 ** (Math.floor(Math.log10(leading)) - 8);
        inputs[population].arrays.P.data[term]! += 0.5e-3 * unit;
        const { arrays } = await fixedPoint.run({ ...idle, params: field(4), inputs });
        for (const name of ["first_order", "second_order_as_coded"] as const) {
          slack[name] = slack[name].map(
            (sum, k) => sum + Math.abs(arrays[name].data[k]! - plain[name].data[k]!),
          );
        }
      }
    }
    const halfDigit = 0.5e-8;
    const printed = golden("notebook_printed").fixed_point_printed;
    for (const [ours, theirs] of [
      ["first_order", printed.first_order],
      ["second_order_as_coded", printed.second_order],
    ] as const) {
      for (const [k, value] of theirs.entries()) {
        expect(Math.abs(plain[ours].data[k]! - value)).toBeLessThan(slack[ours][k]! + halfDigit);
        expect(slack[ours][k]!).toBeLessThan(5e-7 * value); // and that is a statement of seven digits
      }
    }
  });

  it("has the authors' eigenvalues", async () => {
    const { arrays, values } = await at(4);
    expect(relative(arrays.eigenvalues.data, want.stability_at_4hz.eigenvalues_per_s)).toBeLessThan(1e-7);
    expect([...arrays.eigenvalues_imaginary.data]).toEqual([0, 0]);
    expect(values.stable).toBe(true);
  });

  it("does not depend on the time constant at first order", async () => {
    const { arrays } = await at(4);
    for (const T of [0.01, 0.1, 1, 50]) {
      const params = { ...field(4), mean_field: { T, drive: 4 } };
      const other = await fixedPoint.run({ ...idle, params, inputs: notebook });
      expect(relative(other.arrays.first_order.data, arrays.first_order.data)).toBeLessThan(1e-12);
    }
  });

  it("is told to be missing at second order where the expansion does not hold", async () => {
    // Vogels-Abbott has no drive; with these coefficients a thousandth of a spike per second remains.
    const params = { ...field(0), network: networks["Vogels-Abbott"] };
    const { arrays, values } = await fixedPoint.run({ ...idle, params, inputs: notebook });
    expect(arrays.first_order.data.every((rate) => rate >= 0 && rate < 1)).toBe(true);
    expect(values.second_order_exists).toBe(arrays.second_order.data.every(Number.isFinite));
  });

  it("is silence, not NaN, without a drive", async () => {
    const { arrays, values } = await at(0);
    expect([...arrays.first_order.data]).toEqual([0, 0]);
    expect([...arrays.second_order.data]).toEqual([0, 0, 0, 0, 0]);
    for (const { data } of Object.values(arrays)) expect(data.every(Number.isFinite)).toBe(true);
    expect(values.stable).toBe(true);
    const params = waveformMeanField.params.parse({ ...field(0), waveform: waveformSchema.parse({}) });
    const fixedPoint = { arrays, values };
    const response = await waveformMeanField.run({ ...idle, params, inputs: { ...notebook, fixedPoint } });
    for (const { data } of Object.values(response.arrays)) expect(data.every(Number.isFinite)).toBe(true);
  });
});

describe("the response to the waveform", () => {
  const samples = (array: Float64Array, times: number[]) => times.map((t) => array[Math.round(t / 5e-4)]!);

  it("at second order is the authors' from 50 ms on", async () => {
    const params = waveformMeanField.params.parse({ ...field(4), waveform: waveformSchema.parse({}) });
    const { arrays } = await waveformMeanField.run({
      ...idle,
      params,
      inputs: { ...notebook, fixedPoint: await at(4) },
    });
    const reference = want.waveform_second_order_euler;
    const later = reference.t.map((t: number) => t >= 0.05);
    const kept = (values: number[]) => values.filter((_, k) => later[k]);
    const of = (array: Float64Array) => samples(array, kept(reference.t));
    // To the 1e-6 that differences of 1e-4 Hz agree with exact derivatives; 4e-6 in the SDs' own derivatives.
    expect(relative(of(arrays.nu_e.data), kept(reference.nu_e))).toBeLessThan(1e-6);
    expect(relative(of(arrays.nu_i.data), kept(reference.nu_i))).toBeLessThan(1e-6);
    expect(relative(of(arrays.mu_V.data), kept(reference.muV))).toBeLessThan(1e-7);
    expect(relative(of(arrays.c_ee.data).map(Math.sqrt), kept(reference.sd_e))).toBeLessThan(4e-6);
    expect(relative(of(arrays.c_ei.data).map(Math.sqrt), kept(reference.sd_ei))).toBeLessThan(4e-6);
    expect(relative(of(arrays.c_ii.data).map(Math.sqrt), kept(reference.sd_i))).toBeLessThan(4e-6);
    const peak = Math.max(...arrays.nu_e.data);
    expect(peak).toBeCloseTo(reference.peak.nu_e, 5);
    expect(arrays.time.data[arrays.nu_e.data.indexOf(peak)]).toBeCloseTo(reference.peak.t_e, 9);
  });

  it("at first order is odeint's", async () => {
    const mean = meanFieldOf(field(4), notebook);
    const reference = want.waveform_first_order;
    const rates = rungeKutta(mean, 1200, [...(await at(4)).arrays.first_order.data] as unknown as Rates);
    expect(
      relative(
        reference.t.map((t: number) => rates[Math.round(t * 1e3)]![0]),
        reference.nu_e,
      ),
    ).toBeLessThan(1e-8);
    expect(
      relative(
        reference.t.map((t: number) => rates[Math.round(t * 1e3)]![1]),
        reference.nu_i,
      ),
    ).toBeLessThan(1e-8);
  });
});

/** First-order rates at every ms of the notebook's waveform, by the classical Runge-Kutta method at 0.1 ms. */
function rungeKutta(mean: MeanField, ms: number, start: Rates): Rates[] {
  const h = 1e-4;
  const slope = (t: number, rates: Rates) => {
    const afferent = 2 * doubleGaussian(t, 0.8, 0.06, 0.1);
    return firstOrder(mean, rates, { exc: 4 + afferent, inh: 4 }).map((d) => d / mean.T) as [number, number];
  };
  const moved = ([e, i]: Rates, [de, di]: Rates, by: number): Rates => [e + by * de, i + by * di];
  const rates: Rates[] = [start];
  let state = start;
  for (let step = 0; step < 10 * ms; step++) {
    const t = step * h;
    const k1 = slope(t, state);
    const k2 = slope(t + h / 2, moved(state, k1, h / 2));
    const k3 = slope(t + h / 2, moved(state, k2, h / 2));
    const k4 = slope(t + h, moved(state, k3, h));
    state = moved(moved(moved(moved(state, k1, h / 6), k2, h / 3), k3, h / 3), k4, h / 6);
    if ((step + 1) % 10 === 0) rates.push(state);
  }
  return rates;
}
