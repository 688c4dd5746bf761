import mt19937 from "@stdlib/random-base-mt19937";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cell, mersenneTwister, type ShotNoise, type Synapses, traceCell } from "../../kernels/index.ts";
import * as twin from "../../kernels/reference/cells.ts";
import { MersenneTwister } from "../../kernels/reference/mersenne.ts";
import { cellInSI } from "../../stages/model/parameters/cell.ts";
import { cells } from "../../stages/model/parameters/cells.ts";
import { synapsesInSI } from "../../stages/model/parameters/network.ts";
import { networks } from "../../stages/model/parameters/networks.ts";
import { countSpikes } from "../shot-noise.ts";

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

  describe("under shot noise, however many runs go side by side", () => {
    const sameAsTwin = (cell: Cell, synapses: Synapses, inputs: ShotNoise[], n: number, dt: number) => {
      const want = inputs.map((input) => twin.countSpikes(cell, synapses, input, n, dt));
      expect(countSpikes(cell, synapses, inputs, n, dt)).toEqual(want);
    };
    const anyNetwork = fc.constantFrom(...Object.values(networks).map(synapsesInSI));
    const seed = fc.nat(2 ** 32 - 1);
    const noise = (highest: number) => {
      const frequency = fc.oneof(fc.constant(0), fc.double({ min: 0, max: highest, noNaN: true }));
      return fc.record({ fe: frequency, fi: frequency, seeds: fc.tuple(seed, seed) });
    };

    it("silent inputs included", () => {
      const inputs = fc.array(noise(12_000), { minLength: 1, maxLength: 9 });
      fc.assert(
        fc.property(anyCell, anyNetwork, inputs, (cell, synapses, inputs) => {
          sameAsTwin(cell, synapses, inputs, 4000, 1e-4);
        }),
        { numRuns: 60 },
      );
    });

    it("for any number of samples, and many events in one", () => {
      const inputs = fc.array(noise(400_000), { minLength: 1, maxLength: 4 });
      fc.assert(
        fc.property(
          anyCell,
          anyNetwork,
          inputs,
          fc.integer({ min: 2, max: 300 }),
          (cell, synapses, inputs, n) => {
            sameAsTwin(cell, synapses, inputs, n, 5e-5);
          },
        ),
        { numRuns: 100 },
      );
    });

    it("where exponentials are not normal numbers", () => {
      const steep = { ...cellInSI(cells["RS-cell"]), delta_v: 1e-5 };
      fc.assert(
        fc.property(fc.array(noise(12_000), { minLength: 1, maxLength: 4 }), (inputs) => {
          sameAsTwin(steep, synapsesInSI(networks.CONFIG1), inputs, 4000, 5e-5);
        }),
        { numRuns: 20 },
      );
    });
  });
});
