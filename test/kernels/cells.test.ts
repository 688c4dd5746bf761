import mt19937 from "@stdlib/random-base-mt19937";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countSpikes, mersenneTwister, traceCell } from "../../kernels/index.ts";
import * as twin from "../../kernels/twin/cells.ts";
import { MersenneTwister } from "../../kernels/twin/mersenne.ts";
import { cellInSI } from "../../stages/model/cell.ts";
import { cells } from "../../stages/model/cells.ts";
import { synapsesInSI } from "../../stages/model/network.ts";
import { networks } from "../../stages/model/networks.ts";

describe("the Mersenne Twister", () => {
  it("draws NumPy's numbers: numpy.random.seed(0); numpy.random.random(3)", () => {
    expect([...mersenneTwister(0, 3)]).toEqual([0.5488135039273248, 0.7151893663724195, 0.6027633760716439]);
  });

  it("draws @stdlib's numbers over several refills", () => {
    const oracle = mt19937.factory({ seed: 12345 }) as unknown as { normalized(): number };
    expect([...mersenneTwister(12345, 2000)]).toEqual(
      Array.from({ length: 2000 }, () => oracle.normalized()),
    );
  });

  it("draws the twin's numbers for any seed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (seed) => {
        const generator = new MersenneTwister(seed);
        expect([...mersenneTwister(seed, 700)]).toEqual(
          Array.from({ length: 700 }, () => generator.uniform()),
        );
      }),
      { numRuns: 50 },
    );
  });
});

describe("the AdEx neuron, bit for bit like the twin", () => {
  const anyCell = fc.constantFrom(...Object.values(cells).map(cellInSI));

  it("under current", () => {
    fc.assert(
      fc.property(anyCell, fc.double({ min: -5e-10, max: 1e-9, noNaN: true }), (cell, amplitude) => {
        const current = Float64Array.from({ length: 2000 }, (_, i) => (i > 100 ? amplitude : 0));
        const time = current.map((_, i) => i * 5e-5);
        expect(traceCell(cell, time, current, 5e-5)).toEqual(twin.traceCell(cell, time, current, 5e-5));
      }),
      { numRuns: 40 },
    );
  });

  it("under shot noise, silent inputs included", () => {
    const frequency = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 12_000, noNaN: true }));
    const seed = fc.nat(1000);
    const network = fc.constantFrom(...Object.values(networks).map(synapsesInSI));
    fc.assert(
      fc.property(anyCell, network, frequency, frequency, seed, seed, (cell, synapses, fe, fi, a, b) => {
        const noise = { synapses, fe, fi, seeds: [a, b] as const };
        expect(countSpikes(cell, noise, 4000, 1e-4)).toBe(twin.countSpikes(cell, noise, 4000, 1e-4));
      }),
      { numRuns: 150 },
    );
  });
});
