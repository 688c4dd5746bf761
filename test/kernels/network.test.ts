import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binomial, longestSlice, Network, type NetworkParameters, poisson } from "../../kernels/index.ts";
import * as counts from "../../kernels/reference/counts.ts";
import * as twin from "../../kernels/reference/network.ts";
import { cellInSI } from "../../stages/model/parameters/cell.ts";
import { cellNames, cells } from "../../stages/model/parameters/cells.ts";
import { synapsesInSI } from "../../stages/model/parameters/network.ts";
import { networks } from "../../stages/model/parameters/networks.ts";

const cell = fc.constantFrom(...cellNames).map((name) => cellInSI(cells[name]));
const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const small: fc.Arbitrary<NetworkParameters> = fc
  .record({
    exc: fc.record({ cell, size: fc.integer({ min: 1, max: 14 }) }),
    inh: fc.record({ cell, size: fc.integer({ min: 1, max: 9 }) }),
    synapses: fc.constantFrom(...Object.values(networks).map(synapsesInSI)),
    p: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0.01, max: 0.99, noNaN: true })),
    dt: fc.constantFrom(1e-4, 2.5e-4, 5e-5),
    seed,
    severalEvents: fc.boolean(),
  })
  .chain((parameters) => {
    const N = parameters.exc.size + parameters.inh.size;
    const each = (min: number, max: number) =>
      fc
        .array(fc.double({ min, max, noNaN: true }), { minLength: N, maxLength: N })
        .map((values) => Float64Array.from(values));
    return fc.record({
      ...Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, fc.constant(value)])),
      recorded: fc.uniqueArray(fc.integer({ min: 0, max: N - 1 }), { maxLength: 5 }),
      start: fc.record({ V: each(-70e-3, -45e-3), Ge: each(0, 60e-9), Gi: each(0, 200e-9) }),
    }) as unknown as fc.Arbitrary<NetworkParameters>;
  });

const connected = (parameters: NetworkParameters): Network => {
  const network = new Network(parameters);
  while (network.connect() < 1);
  return network;
};

/** A whole run of the kernels in the twin's form, cut into slices of the given lengths. */
function run(parameters: NetworkParameters, exc: Float64Array, inh: Float64Array, slices: number[]) {
  const network = connected(parameters);
  const result: twin.NetworkRun = { V: [], Ge: [], Gi: [], spikes: [] };
  let step = 0;
  for (let k = 0; step < exc.length; k++) {
    const end = step + Math.min(slices[k % slices.length]!, exc.length - step);
    const slice = network.advance({ exc: exc.slice(step, end), inh: inh.slice(step, end) });
    for (const name of ["V", "Ge", "Gi"] as const) result[name].push(...slice[name]);
    let next = 0;
    for (let i = 0; i < end - step; i++) {
      const count = slice.spikeCounts[2 * i]! + slice.spikeCounts[2 * i + 1]!;
      const spiking = Array.from(slice.spikeNeurons.subarray(next, next + count));
      expect(spiking.filter((neuron) => neuron < parameters.exc.size)).toHaveLength(
        slice.spikeCounts[2 * i]!,
      );
      result.spikes.push(spiking);
      next += count;
    }
    step = end;
  }
  return result;
}

describe("a spiking network", () => {
  it("is the twin's, bit for bit, whatever its cells, sizes, synapses, events and slices", () => {
    let spikes = 0;
    fc.assert(
      fc.property(
        small,
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        fc.array(fc.integer({ min: 1, max: longestSlice }), { minLength: 1, maxLength: 4 }),
        (parameters, eventsExc, eventsInh, slices) => {
          const exc = Float64Array.from({ length: 200 }, (_, i) => (eventsExc * i) / 200);
          const inh = new Float64Array(200).fill(eventsInh);
          const want = twin.simulateNetwork(parameters, { exc, inh });
          spikes += want.spikes.flat().length;
          expect(run(parameters, exc, inh, slices)).toEqual(want);
        },
      ),
      { numRuns: 150 },
    );
    expect(spikes).toBeGreaterThan(1000);
  });

  it("has synapses as if every pair had been asked", () => {
    const [Ne, Ni, p] = [1600, 401, 0.05];
    const N = Ne + Ni;
    const at = (value: number) => new Float64Array(N).fill(value);
    const network = connected({
      exc: { cell: cellInSI(cells["RS-cell"]), size: Ne },
      inh: { cell: cellInSI(cells["FS-cell"]), size: Ni },
      synapses: synapsesInSI(networks.CONFIG1),
      ...{ p, dt: 1e-4, seed: 5, severalEvents: false, recorded: [] },
      start: { V: at(-65e-3), Ge: at(0), Gi: at(0) },
    });
    const [outgoing, incoming] = [new Float64Array(N), new Float64Array(N)];
    const gaps = new Float64Array(4);
    for (let neuron = 0; neuron < N; neuron++) {
      const targets = network.targets(neuron);
      expect(targets).not.toContain(neuron);
      expect(new Set(targets).size).toBe(targets.length);
      outgoing[neuron] = targets.length;
      targets.forEach((target, k) => {
        incoming[target]!++;
        const gap = k === 0 ? target : target - targets[k - 1]! - 1;
        if (k > 0) gaps[Math.min(gap, 3)]!++;
      });
    }
    // Of N − 1 pairs a cell: χ² of in- and out-degrees with 2001 degrees of freedom lies within 4 SD of its mean.
    const mean = (N - 1) * p;
    for (const degrees of [outgoing, incoming]) {
      const dispersion = degrees.reduce((sum, d) => sum + (d - mean) ** 2 / (mean * (1 - p)), 0);
      expect(Math.abs(dispersion - N)).toBeLessThan(4 * Math.sqrt(2 * N));
    }
    const total = outgoing.reduce((sum, degree) => sum + degree, 0);
    expect(Math.abs(total - N * mean)).toBeLessThan(4 * Math.sqrt(N * mean * (1 - p)));
    // Neighbours, next but one, next but two: geometric gaps.
    const count = gaps.reduce((sum, n) => sum + n, 0);
    for (const [gap, share] of [p, p * (1 - p), p * (1 - p) ** 2].entries()) {
      expect(Math.abs(gaps[gap]! - count * share)).toBeLessThan(4 * Math.sqrt(count * share));
    }
  });

  it.each([true, false])("has external events of their law, several a step: %s", (severalEvents) => {
    const [N, steps, perStep] = [1000, 4 * longestSlice, 0.16];
    const at = (value: number) => new Float64Array(N).fill(value);
    // Conductances that do not decay count events.
    const synapses = { ...synapsesInSI(networks.CONFIG1), Te: Number.POSITIVE_INFINITY, Qe: 1 };
    const network = connected({
      exc: { cell: { ...cellInSI(cells.LIF), Gl: 0, Vthre: 1e9 }, size: N - 200 },
      inh: { cell: { ...cellInSI(cells.LIF), Gl: 0, Vthre: 1e9 }, size: 200 },
      synapses: { ...synapses, Ee: 0 },
      ...{ p: 0, dt: 1e-4, seed: 5, severalEvents, recorded: Array.from({ length: N }, (_, i) => i) },
      start: { V: at(0), Ge: at(0), Gi: at(0) },
    });
    const counts = Array.from({ length: 5 }, () => 0);
    let [last, dispersion] = [at(0), 0];
    for (let slice = 0; slice < steps / longestSlice; slice++) {
      const events = new Float64Array(longestSlice).fill(perStep);
      const { Ge } = network.advance({ exc: events, inh: events });
      for (let i = 0; i < longestSlice; i++) {
        const now = Ge.slice(i * N, (i + 1) * N);
        if (slice + i > 0) {
          const arrived = now.map((sum, neuron) => sum - last[neuron]!);
          for (const n of arrived) counts[n]!++;
        }
        last = now;
      }
    }
    const variance = severalEvents ? perStep : perStep * (1 - perStep);
    const total = perStep * (steps - 1);
    for (const sum of last) dispersion += (sum - total) ** 2 / (variance * (steps - 1));
    expect(Math.abs(dispersion - N)).toBeLessThan(4 * Math.sqrt(2 * N)); // χ² over cells: their events are independent
    const law = severalEvents
      ? [1, perStep, perStep ** 2 / 2, perStep ** 3 / 6].map((term) => term * Math.exp(-perStep))
      : [1 - perStep, perStep, 0, 0];
    law.forEach((share, n) => {
      const expected = share * N * (steps - 1);
      expect(Math.abs(counts[n]! - expected)).toBeLessThanOrEqual(4 * Math.sqrt(expected));
    });
  });

  it("has the twin's synapses", () => {
    fc.assert(
      fc.property(small, (parameters) => {
        const network = connected(parameters);
        const N = parameters.exc.size + parameters.inh.size;
        for (let neuron = 0; neuron < N; neuron++) {
          const want = twin.targets(neuron, N, parameters.p, parameters.seed);
          expect(Array.from(network.targets(neuron))).toEqual(want);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("numbers of events", () => {
  const u = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  it("are the twin's", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20_000 }),
        fc.double({ min: -0.1, max: 1.1, noNaN: true }),
        fc.double({ min: 0, max: 20_000, noNaN: true }),
        u,
        (n, p, mean, u) => {
          expect(binomial(n, p, u)).toBe(counts.binomial(n, p, u));
          expect(poisson(mean, u)).toBe(counts.poisson(mean, u));
        },
      ),
      { numRuns: 2000 },
    );
  });

  /** The fraction of quantiles, evenly spread, at which each number comes. */
  function shares(most: number, count: (u: number) => number): Float64Array {
    const found = new Float64Array(most + 1);
    for (let j = 0; j < quantiles; j++) found[count((j + 0.5) / quantiles)]! += 1 / quantiles;
    return found;
  }
  const quantiles = 200_000;
  const logFactorials = [0];
  for (let k = 1; k <= 8000; k++) logFactorials.push(logFactorials[k - 1]! + Math.log(k));

  it.each([
    [1, 0.3],
    [7, 0.5],
    [40, 0.9],
    [2000, 0.16],
    [8000, 0.0007],
    [8000, 0.16],
  ])("are binomial: %i trials of %f", (n, p) => {
    shares(n, (u) => binomial(n, p, u)).forEach((share, k) => {
      const ways = logFactorials[n]! - logFactorials[k]! - logFactorials[n - k]!;
      const probability = Math.exp(ways + k * Math.log(p) + (n - k) * Math.log1p(-p));
      expect(Math.abs(share - probability)).toBeLessThan(1.001 / quantiles);
    });
  });

  it.each([0.01, 0.7, 5, 19.5, 320, 1280])("follow Poisson's law: mean %f", (mean) => {
    shares(4000, (u) => poisson(mean, u)).forEach((share, k) => {
      const probability = Math.exp(k * Math.log(mean) - mean - logFactorials[k]!);
      expect(Math.abs(share - probability)).toBeLessThan(1.001 / quantiles);
    });
  });
});
