import fc from "fast-check";
import { expect, it } from "vitest";
import { coefficients } from "../../data/notebook.ts";
import { depolarisationOfRing, Population, simulateRing } from "../../kernels/index.ts";
import * as twin from "../../kernels/reference/ring.ts";
import { cellInSI } from "../../stages/model/parameters/cell.ts";
import { cells } from "../../stages/model/parameters/cells.ts";
import { synapseCounts, synapsesInSI } from "../../stages/model/parameters/network.ts";
import { networks } from "../../stages/model/parameters/networks.ts";
import { connectivity } from "../../stages/model/ring/ring.ts";

const synapses = synapsesInSI(networks.CONFIG1);
const population = (cell: "RS-cell" | "FS-cell") => ({
  cell: cellInSI(cells[cell]),
  synapses,
  ...synapseCounts(networks.CONFIG1),
  X: synapses.Qi,
  P: coefficients.notebook[cell]!,
});

/** Any connections: from anywhere, several from one place. */
const anyConnections = fc
  .array(
    fc.record({
      offset: fc.integer({ min: -40, max: 40 }),
      weight: fc.double({ min: 0, max: 0.5, noNaN: true }),
      delay: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constant(2_147_483_647)),
    }),
    { minLength: 1, maxLength: 15 },
  )
  .map((all) => (all.length % 2 === 1 ? all : all.slice(1)))
  .map((all) => ({
    offsets: Int32Array.from(all, ({ offset }) => offset),
    weights: Float64Array.from(all, ({ weight }) => weight / all.length),
    delays: Int32Array.from(all, ({ delay }) => delay),
  }));

it("the ring runs bit for bit like its twin, whatever its size, reach and delays", () => {
  const shape = fc.record({
    pixels: fc.integer({ min: 2, max: 12 }),
    steps: fc.integer({ min: 1, max: 40 }),
    reading: fc.constantFrom("as-coded" as const, "as-published" as const),
    length: fc.double({ min: 0.1, max: 9, noNaN: true }),
    velocity: fc.double({ min: 20, max: 2000, noNaN: true }),
    amplitude: fc.double({ min: 0, max: 30, noNaN: true }),
    inhibitoryShare: fc.constantFrom(0, 0.2),
    any: fc.option(fc.tuple(anyConnections, anyConnections), { nil: undefined }),
  });
  fc.assert(
    fc.property(shape, ({ pixels, steps, reading, length, velocity, amplitude, inhibitoryShare, any }) => {
      const [exc, inh] = [population("RS-cell"), population("FS-cell")];
      const trial = {
        pixels,
        steps,
        rateOfChange: 0.1,
        drive: 4,
        fromExc: any?.[0] ?? connectivity(length, 1.2, velocity, 5e-4, reading),
        fromInh: any?.[1] ?? connectivity(length / 3, 1.2, velocity, 5e-4, reading),
        afferent: Float64Array.from({ length: steps * pixels }, (_, k) => (amplitude * ((k * 7) % 5)) / 5),
        start: [2.457, 9.641] as const,
        rest: [-0.0548, -0.0548] as const,
        inhibitoryShare,
      };
      const ours = { ...trial, exc: new Population(exc), inh: new Population(inh) };
      const got = simulateRing(ours);
      expect(depolarisationOfRing(ours)).toEqual(got.deltaV);
      expect(got).toEqual(twin.simulateRing({ ...trial, exc, inh }));
    }),
    { numRuns: 200 },
  );
});
