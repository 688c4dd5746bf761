import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coefficients } from "../../data/notebook.ts";
import { Population, type PopulationParameters, rateJets } from "../../kernels/index.ts";
import * as twin from "../../kernels/reference/population.ts";
import { cellInSI } from "../../stages/model/parameters/cell.ts";
import { cells } from "../../stages/model/parameters/cells.ts";
import { synapseCounts, synapsesInSI } from "../../stages/model/parameters/network.ts";
import { networks } from "../../stages/model/parameters/networks.ts";
import { golden, relative } from "../golden.ts";

type Fitted = "RS-cell" | "FS-cell";

function parameters(cell: Fitted, reading: string): PopulationParameters {
  const synapses = synapsesInSI(networks.CONFIG1);
  return {
    cell: cellInSI(cells[cell]),
    synapses,
    ...synapseCounts(networks.CONFIG1),
    X: reading === "as-coded" ? synapses.Qi : synapses.Ti,
    P: coefficients.notebook[cell]!,
  };
}

interface Row {
  readonly cell: Fitted;
  readonly reading: string;
  readonly nu_e: number;
  readonly nu_i: number;
  readonly jet: readonly number[];
}

describe("the transfer function", () => {
  const rows: Row[] = golden("derivatives");

  it.each(rows)(
    "has mpmath's derivatives: $cell, $reading, ($nu_e, $nu_i)",
    ({ cell, reading, nu_e, nu_i, jet }) => {
      const population = new Population(parameters(cell, reading));
      const { F, e, i, ee, ei, ii } = population.rateJet(nu_e, nu_i);
      expect(relative([F, e, i, ee, ei, ii], jet)).toBeLessThan(1e-9);
      expect(relative([population.rate(nu_e, nu_i)], [jet[0]!])).toBeLessThan(1e-12);
    },
  );

  const rate = fc.double({ min: -1, max: 150, noNaN: true });
  const population = fc
    .tuple(fc.constantFrom<Fitted>("RS-cell", "FS-cell"), fc.constantFrom("as-coded", "as-published"))
    .map(([cell, reading]) => parameters(cell, reading));

  it("is the twin's, bit for bit, with its moments", () => {
    fc.assert(
      fc.property(population, rate, rate, (parameters, nuE, nuI) => {
        const kernel = new Population(parameters);
        const { rate, ...moments } = twin.rateAndMoments(parameters, nuE, nuI);
        expect(kernel.rate(nuE, nuI)).toBe(rate);
        expect(kernel.moments(nuE, nuI)).toEqual(moments);
      }),
      { numRuns: 2000 },
    );
  });

  it("has the derivatives of the twin's jets", () => {
    const positive = fc.double({ min: 0.5, max: 150, noNaN: true });
    fc.assert(
      fc.property(population, positive, positive, (parameters, nuE, nuI) => {
        const [got, want] = [
          new Population(parameters).rateJet(nuE, nuI),
          twin.rateJet(parameters, nuE, nuI),
        ];
        const scale = Math.max(...Object.values(want).map(Math.abs));
        for (const name of ["F", "e", "i", "ee", "ei", "ii"] as const) {
          expect(Math.abs(got[name] - want[name])).toBeLessThanOrEqual(1e-9 * scale);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("has the same derivatives beside another population as alone, silent ones included", () => {
    const maybe = fc.oneof(fc.constant(0), rate);
    fc.assert(
      fc.property(population, population, maybe, maybe, maybe, (one, other, nuE, nuEOfOther, nuI) => {
        const [first, second] = [new Population(one), new Population(other)];
        const alone = [first.rateJet(nuE, nuI), second.rateJet(nuEOfOther, nuI)];
        expect(rateJets(first, second, [nuE, nuEOfOther], nuI)).toEqual(alone);
      }),
      { numRuns: 1000 },
    );
  });

  it("is quiet, with no slope, where nothing arrives", () => {
    const silent = new Population(parameters("RS-cell", "as-coded"));
    expect(silent.rate(0, 0)).toBe(0);
    expect(silent.rateJet(0, 0)).toEqual({ F: 0, e: 0, i: 0, ee: 0, ei: 0, ii: 0 });
  });
});
