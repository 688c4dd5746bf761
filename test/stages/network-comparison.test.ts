import { describe, expect, it } from "vitest";
import fixedPoint from "../../stages/fixed-point.ts";
import { spikingSchema } from "../../stages/model/spiking/spiking.ts";
import { waveformSchema } from "../../stages/model/stimulus/waveform.ts";
import networkComparison from "../../stages/network-comparison.ts";
import waveformComparison from "../../stages/waveform-comparison.ts";
import waveformMeanField from "../../stages/waveform-mean-field.ts";
import waveformNetwork from "../../stages/waveform-network.ts";
import { golden } from "../golden.ts";
import { field, idle, notebook } from "./context.ts";
import { bins, mean, simulated, stationary, variance } from "./spiking.ts";

const parameters = { ...simulated, reading: "as-coded" as const };
const rest = await fixedPoint.run({ ...idle, params: field(4), inputs: notebook });

describe("the stationary network beside the mean field", async () => {
  const network = await stationary({});
  const { arrays, values } = await networkComparison.run({
    ...idle,
    params: parameters,
    inputs: { network, fixedPoint: rest },
  });

  it("compares what comes after 500 ms, in bins of 5 ms", () => {
    expect(values.start_ms).toBeCloseTo(500, 9);
    expect(arrays.time.data[0]).toBeCloseTo(502.5, 9);
    expect(arrays.time.data.at(-1)).toBeCloseTo(1497.5, 9);
    expect(Array.from(arrays.rate_exc.data)).toEqual(bins(network.arrays.rate_exc.data, 500));
    expect(arrays.rate_mean.data[0]).toBeCloseTo(mean(arrays.rate_exc.data), 12);
    const spread = variance(Array.from(arrays.rate_inh.data)) * (199 / 200);
    expect(arrays.rate_sd.data[1]).toBeCloseTo(Math.sqrt(spread), 12);
  });

  it.each(["exc", "inh"] as const)("has densities of area 1: %s", (population) => {
    const [level, density] = [arrays[`level_${population}`].data, arrays[`density_${population}`].data];
    const width = level[1]! - level[0]!;
    expect(density.reduce((sum, height) => sum + height * width, 0)).toBeCloseTo(1, 12);
    const least = Math.min(...arrays[`rate_${population}`].data);
    expect(level[0]! - width / 2).toBeCloseTo(least, 12);
    const [nu, predicted] = [arrays[`nu_${population}`].data, arrays[`predicted_${population}`].data];
    // ±4 SD of a normal distribution.
    const area = predicted.reduce((sum, height) => sum + height * (nu[1]! - nu[0]!), 0);
    expect(area).toBeCloseTo(0.9999, 3);
  });

  it("has the mean field's moments at the notebook's second-order fixed point", () => {
    const [nuE, nuI, cee, , cii] =
      golden("mean_field").fixed_points_by_drive_hz["4.0"].second_order_as_coded_20ms;
    expect(arrays.rate_mu.data[0]).toBeCloseTo(nuE, 5);
    expect(arrays.rate_mu.data[1]).toBeCloseTo(nuI, 5);
    expect(arrays.rate_sigma.data[0]).toBeCloseTo(Math.sqrt(cee), 5);
    expect(arrays.rate_sigma.data[1]).toBeCloseTo(Math.sqrt(cii), 5);
    // Campbell's theorem by hand: Q·T·f and Q·√(f·T/2).
    const [fe, fi] = [400 * (nuE + 4), 100 * nuI];
    expect(arrays.mu_Ge.data[0]).toBeCloseTo(1 * 5e-3 * fe, 4);
    expect(arrays.sigma_Ge.data[0]).toBeCloseTo(Math.sqrt((fe * 5e-3) / 2), 4);
    expect(arrays.mu_Gi.data[1]).toBeCloseTo(5 * 5e-3 * fi, 4);
    expect(arrays.sigma_Gi.data[1]).toBeCloseTo(5 * Math.sqrt((fi * 5e-3) / 2), 4);
    expect(arrays.mu_V.data[0]).toBeCloseTo(
      (arrays.mu_Ge.data[0]! * 0 + arrays.mu_Gi.data[0]! * -80 + 10 * -65) /
        (arrays.mu_Ge.data[0]! + arrays.mu_Gi.data[0]! + 10),
      9,
    );
  });

  it("leaves spikes and refractoriness out of V, and nothing out of Ge and Gi", () => {
    const n = network.arrays.time.data.length;
    for (let k = 0; k < 6; k++) {
      const late = (name: "V" | "Ge" | "Gi") =>
        Array.from(network.arrays[name].data.subarray(k * n + 5000, (k + 1) * n));
      const V = late("V").filter((v) => v !== -65 && v < -50);
      expect(arrays.mean_V.data[k]).toBeCloseTo(mean(V), 9);
      expect(arrays.sd_V.data[k]).toBeCloseTo(Math.sqrt(variance(V)), 3);
      for (const name of ["Ge", "Gi"] as const) {
        expect(arrays[`mean_${name}`].data[k]).toBeCloseTo(mean(late(name)), 9);
        expect(arrays[`sd_${name}`].data[k]).toBeCloseTo(Math.sqrt(variance(late(name))), 3);
      }
    }
  });

  it("takes the last two thirds of a short run, and stands where the network is silent", async () => {
    const silent = await stationary({ duration: 100 });
    for (const rates of [silent.arrays.rate_exc, silent.arrays.rate_inh]) rates.data.fill(0);
    const comparison = await networkComparison.run({
      ...idle,
      params: parameters,
      inputs: { network: silent, fixedPoint: rest },
    });
    expect(comparison.values.start_ms).toBeCloseTo(33.3, 9);
    expect(Array.from(comparison.arrays.density_exc.data)).toEqual([0, 0, 0, 0, 8, 0, 0, 0]);
  });
});

describe("the response to the waveform beside the mean field", async () => {
  const waveform = waveformSchema.parse({});
  const { duration: _, ...spiking } = spikingSchema.parse({});
  const network = await waveformNetwork.run({
    ...idle,
    params: { ...simulated, spiking, waveform },
    inputs: {},
  });
  const meanField = await waveformMeanField.run({
    ...idle,
    params: { ...field(4), waveform },
    inputs: { ...notebook, fixedPoint: rest },
  });
  const { arrays, values } = await waveformComparison.run({
    ...idle,
    params: parameters,
    inputs: { network, meanField },
  });

  it("has both sides in the same bins of 5 ms", () => {
    expect(arrays.time.data).toHaveLength(240);
    expect(arrays.time.data[0]).toBeCloseTo(2.5, 9);
    expect(Array.from(arrays.rate_inh.data)).toEqual(bins(network.arrays.rate_inh.data));
    // Ten samples of the mean field, 0.5 ms apart, are a bin.
    const { nu_e, c_ii } = meanField.arrays;
    expect(arrays.nu_exc.data[160]).toBeCloseTo(mean(nu_e.data.subarray(1600, 1610)), 9);
    expect(arrays.sigma_nu_inh.data[160]).toBeCloseTo(Math.sqrt(mean(c_ii.data.subarray(1600, 1610))), 9);
    expect(values.peak_network_exc).toBe(Math.max(...arrays.rate_exc.data));
  });

  it("has each population's own input in its moments", () => {
    // The afferent input excites the excitatory cells only.
    const bin = 160;
    const [nuE, afferent] = [arrays.nu_exc.data[bin]!, arrays.afferent.data[bin]!];
    expect(afferent).toBeGreaterThan(1.9);
    expect(arrays.mu_Ge.data[bin]).toBeCloseTo(5e-3 * 400 * (nuE + 4 + afferent), 9);
    expect(arrays.mu_Ge.data[240 + bin]).toBeCloseTo(5e-3 * 400 * (nuE + 4), 9);
  });

  it("shows the recorded cells' means", () => {
    const [n, bin] = [12_000, 160];
    const trace = (k: number, name: "V" | "Ge") =>
      Array.from(network.arrays[name].data.subarray(k * n + 50 * bin, k * n + 50 * (bin + 1)));
    const inh = [3, 4, 5];
    expect(arrays.mean_Ge.data[240 + bin]).toBeCloseTo(mean(inh.flatMap((k) => trace(k, "Ge"))), 9);
    const V = inh.flatMap((k) => trace(k, "V")).filter((v) => v !== -65 && v < -50);
    expect(arrays.mean_V.data[240 + bin]).toBeCloseTo(mean(V), 9);
  });

  it("has the network answer as Brian2's does: about 12 Hz where the mean field has 9", () => {
    expect(values.peak_mean_field_exc).toBeGreaterThan(9);
    expect(values.peak_mean_field_exc).toBeLessThan(10);
    expect(values.peak_network_exc).toBeGreaterThan(10);
    expect(values.peak_network_exc).toBeLessThan(17);
  });
});
