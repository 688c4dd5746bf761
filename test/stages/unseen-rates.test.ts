// @module-tag slow
import { describe, expect, it } from "vitest";
import type { Cell } from "../../kernels/index.ts";
import { cellInSI } from "../../stages/model/parameters/cell.ts";
import { cells } from "../../stages/model/parameters/cells.ts";
import { synapseCounts, synapsesInSI } from "../../stages/model/parameters/network.ts";
import { networks } from "../../stages/model/parameters/networks.ts";
import { populationOf } from "../../stages/model/transfer-function/transfer-function.ts";
import tfFit from "../../stages/tf-fit.ts";
import tfSimulation, { tfSchema } from "../../stages/tf-simulation.ts";
import { countSpikes } from "../shot-noise.ts";
import { idle } from "./context.ts";

// Input rates between those of the table, and seeds the table does not use.
const inhibition = [1, 3.5, 5.5, 8, 10, 12.5, 15, 17, 19];
const excess = [2, 3.5, 5, 6.5, 8];
const seeds = [10, 11];
const { Ke, Ki } = synapseCounts(networks.CONFIG1);
const synapses = synapsesInSI(networks.CONFIG1);

function simulated(cell: Cell, nuE: number, nuI: number): number {
  const [n, dt] = [200_000, 5e-5];
  const inputs = seeds.map((seed) => ({ fe: Ke * nuE, fi: Ki * nuI, seeds: [seed, seed] as const }));
  const spikes = countSpikes(cell, synapses, inputs, n, dt);
  return spikes.reduce((a, b) => a + b) / seeds.length / ((n - 1) * dt);
}

describe("a fit predicts simulations within its table's range that it has not seen", () => {
  it.each([
    ["RS-cell", 0.4],
    ["FS-cell", 0.9],
  ] as const)("%s to %d Hz RMS, the scatter of two simulations included", async (name, bound) => {
    const cell = cells[name];
    const params = { cell, network: networks.CONFIG1 };
    const table = await tfSimulation.run({
      ...idle,
      params: { ...params, tf: tfSchema.parse({}) },
      inputs: {},
    });
    for (const reading of ["as-coded", "as-published"] as const) {
      const fit = await tfFit.run({ ...idle, params: { ...params, reading }, inputs: { table } });
      const population = populationOf(cell, networks.CONFIG1, reading, fit);
      const errors: number[] = [];
      for (const nuI of inhibition) {
        for (const more of excess) {
          const nuE = 0.45 * nuI + more;
          const rate = simulated(cellInSI(cell), nuE, nuI);
          if (rate <= 28) errors.push(population.rate(nuE, nuI) - rate);
        }
      }
      expect(errors.length).toBeGreaterThan(15);
      const rms = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
      expect(rms).toBeLessThan(bound);
    }
  });
});
