import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Connections } from "../../../../kernels/index.ts";
import {
  connectivity,
  lengthsReaching,
  reachOf,
  relaxedConnectivity,
} from "../../../../stages/model/ring/ring.ts";

const pixel = 1.2;
const dt = 5e-4;
const lengths = fc.double({ min: 0.1, max: 12, noNaN: true });
const velocities = fc.double({ min: 20, max: 2000, noNaN: true });
const readings = fc.constantFrom("as-coded" as const, "as-published" as const);

/** Σ weight, and Σ weight · delay, by offset. */
function byOffset({ offsets, weights, delays }: Connections): Map<number, { weight: number; late: number }> {
  const sums = new Map<number, { weight: number; late: number }>();
  offsets.forEach((offset, k) => {
    const { weight, late } = sums.get(offset) ?? { weight: 0, late: 0 };
    sums.set(offset, { weight: weight + weights[k]!, late: late + weights[k]! * delays[k]! });
  });
  return sums;
}

describe("connections without steps", () => {
  it("weigh as much as those with, where reaches are whole, and are half a step early for what is rounded down", () => {
    fc.assert(
      fc.property(lengths, velocities, readings, (length, velocity, reading) => {
        const stepped = connectivity(length, pixel, velocity, dt, reading);
        const ends = { reach: reachOf(length, pixel, reading), share: 1 };
        const relaxed = byOffset(relaxedConnectivity(length, pixel, velocity, dt, reading, ends));
        stepped.offsets.forEach((offset, k) => {
          const { weight, late } = relaxed.get(offset)!;
          expect(weight).toBeCloseTo(stepped.weights[k]!, 12);
          const delay = Math.max((Math.abs(offset) * pixel) / velocity / dt - 0.5, 0);
          expect(late).toBeCloseTo(weight * delay, 9);
          expect(Math.abs(delay - stepped.delays[k]!)).toBeLessThan(0.5 + 1e-9);
        });
        for (const [offset, { weight }] of relaxed) {
          if (Math.abs(offset) > ends.reach) expect(weight).toBe(0);
        }
      }),
    );
  });

  it("change little when length and velocity do", () => {
    fc.assert(
      fc.property(lengths, velocities, readings, (length, velocity, reading) => {
        const ends = { reach: 0, share: 0 };
        const at = (more: number) =>
          byOffset(relaxedConnectivity(length * (1 + more), pixel, velocity * (1 + more), dt, reading, ends));
        const [here, near] = [at(0), at(1e-9)];
        for (const offset of new Set([...here.keys(), ...near.keys()])) {
          const [a, b] = [here, near].map((sums) => sums.get(offset) ?? { weight: 0, late: 0 });
          expect(Math.abs(a!.weight - b!.weight)).toBeLessThan(1e-6);
          expect(Math.abs(a!.late - b!.late)).toBeLessThan(1e-4);
        }
      }),
    );
  });

  it("are an odd number, as the kernel wants them", () => {
    fc.assert(
      fc.property(lengths, velocities, readings, (length, velocity, reading) => {
        const ends = { reach: 3, share: 0.5 };
        const { offsets, weights, delays } = relaxedConnectivity(length, pixel, velocity, dt, reading, ends);
        expect(offsets.length % 2).toBe(1);
        expect([weights.length, delays.length]).toEqual([offsets.length, offsets.length]);
        expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it.each(["as-coded", "as-published"] as const)(
    "lengths are known that reach so many pixels, %s",
    (reading) => {
      for (let reach = 0; reach < 20; reach += 1) {
        const [low, high] = lengthsReaching(reach, pixel, reading);
        for (const length of [low * (1 + 1e-9) + 1e-12, (low + high) / 2, high * (1 - 1e-9)]) {
          expect(reachOf(length, pixel, reading)).toBe(reach);
        }
      }
    },
  );
});
