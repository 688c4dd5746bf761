import { z } from "zod";
import { type ExternalEvents, mostCells, Network, type NetworkState } from "../../../kernels/index.ts";
import { BadInput } from "../../../pipeline/errors.ts";
import { normals } from "../../numerics/statistics/normal.ts";
import { meanFieldSchema } from "../mean-field/field.ts";
import { cellInSI, cellSchema } from "../parameters/cell.ts";
import { networkSchema, synapseCounts, synapsesInSI } from "../parameters/network.ts";
import { count, positive, quantity } from "../parameters/units.ts";

export const spikingSchema = z.strictObject({
  dt: positive("ms", "time step").max(1).default(0.1),
  duration: quantity("ms", "length of the run").min(100).max(1e6).default(1500),
  seed: count(0, 4_294_967_295, "seed of synapses, external events and the start").default(5),
  recorded: count(1, 1000, "recorded cells of each population").default(3),
  events: z
    .enum(["as-coded", "poisson"])
    .default("as-coded")
    .meta({ description: "external events of a cell: one a step at the most, as coded, or Poisson" }),
});

/** What every run of a spiking network depends on, apart from its length. */
export const spikingRunSchema = {
  cells: z.strictObject({ exc: cellSchema, inh: cellSchema }),
  network: networkSchema,
  mean_field: meanFieldSchema.pick({ drive: true }).required(),
};
const schema = z.strictObject({ ...spikingRunSchema, spiking: spikingSchema.omit({ duration: true }) });
export type SpikingParameters = z.infer<typeof schema>;

/** External rates per synapse (Hz) of both populations at a time in ms. */
export type ExternalRates = (ms: number) => { readonly exc: number; readonly inh: number };

/** Cells of both populations. */
export function populationSizes({ N, g }: SpikingParameters["network"]): { exc: number; inh: number } {
  const inh = Math.round(g * N);
  return { exc: N - inh, inh };
}

/** The recorded cells: the first of each population. Excitatory cells are numbered from 0, inhibitory ones follow. */
export function recordedCells({ network, spiking }: SpikingParameters): number[] {
  const { exc, inh } = populationSizes(network);
  const first = (from: number, size: number) =>
    Array.from({ length: Math.min(spiking.recorded, size) }, (_, k) => from + k);
  return [...first(0, exc), ...first(exc, inh)];
}

/** The network, not connected yet. */
export function spikingNetwork(parameters: SpikingParameters): Network {
  const { cells, network, spiking } = parameters;
  const { exc, inh } = populationSizes(network);
  return new Network({
    exc: { cell: cellInSI(cells.exc), size: exc },
    inh: { cell: cellInSI(cells.inh), size: inh },
    synapses: synapsesInSI(network),
    p: network.p,
    dt: spiking.dt * 1e-3,
    seed: spiking.seed,
    severalEvents: spiking.events === "poisson",
    recorded: recordedCells(parameters),
    start: startOf(parameters),
  });
}

/**
 * The start: at rest without conductances. A network without drive would stay there, so it gets the authors' random
 * start: V = El + 5 mV·ξ, Ge = 10 nS·(4 + 1.5 ξ), Gi = 10 nS·(20 + 12 ξ), ξ standard normal, conductances at least 0.
 */
function startOf({ cells, network, spiking, mean_field }: SpikingParameters): NetworkState {
  const { exc } = populationSizes(network);
  const V = Float64Array.from({ length: network.N }, (_, k) => 1e-3 * (k < exc ? cells.exc : cells.inh).El);
  if (mean_field.drive > 0) return { V, Ge: new Float64Array(network.N), Gi: new Float64Array(network.N) };
  const draws = normals(spiking.seed, 3 * network.N);
  const third = (k: number) => draws.subarray(k * network.N, (k + 1) * network.N);
  return {
    V: third(0).map((draw, k) => V[k]! + 5e-3 * draw),
    Ge: third(1).map((draw) => Math.max(10e-9 * (4 + 1.5 * draw), 0)),
    Gi: third(2).map((draw) => Math.max(10e-9 * (20 + 12 * draw), 0)),
  };
}

/** Expected external events of a cell in steps `first`, `first` + 1 … */
export function externalEvents(
  { network, spiking }: SpikingParameters,
  rates: ExternalRates,
  first: number,
  steps: number,
): ExternalEvents {
  const perHertz = synapseCounts(network).Ke * (spiking.dt * 1e-3);
  const [exc, inh] = [new Float64Array(steps), new Float64Array(steps)];
  for (let i = 0; i < steps; i++) {
    const now = rates((first + i) * spiking.dt);
    exc[i] = perHertz * now.exc;
    inh[i] = perHertz * now.inh;
    if (spiking.events === "as-coded" && Math.max(exc[i]!, inh[i]!) > 1) throw new TooManyEvents();
  }
  return { exc, inh };
}

/** Refuses runs that cannot be simulated, or do not fit into memory. */
export function refuseExcess(parameters: SpikingParameters, steps: number): void {
  const { network, spiking } = parameters;
  const { exc, inh } = populationSizes(network);
  if (Math.min(exc, inh) < 1 || network.N > mostCells) throw new WrongSize(exc, inh);
  const longest = Math.min(network.Te, network.Ti) / 2;
  if (spiking.dt > longest) throw new StepTooLong(spiking.dt, longest);
  if (steps > 1e7 || steps * recordedCells(parameters).length > 2e7) throw new TooLong(steps);
}

class WrongSize extends BadInput {
  constructor(exc: number, inh: number) {
    super(
      `A network of ${exc} excitatory and ${inh} inhibitory cells cannot be simulated: ` +
        `choose one with cells of both kinds, ${mostCells} at the most.`,
    );
  }
}

class StepTooLong extends BadInput {
  constructor(dt: number, longest: number) {
    super(
      `spiking.dt is ${dt} ms, but must be at most ${longest} ms, half the synaptic decay time, for the steps to converge.`,
    );
  }
}

class TooLong extends BadInput {
  constructor(steps: number) {
    super(
      `A run of ${steps} steps with this many recorded cells is too large: lower spiking.duration, ` +
        "waveform.duration or spiking.recorded, or raise spiking.dt.",
    );
  }
}

class TooManyEvents extends BadInput {
  constructor() {
    super(
      "The external rate brings more than one event a step, but spiking.events is as-coded, which allows one: " +
        "set spiking.events=poisson, or lower spiking.dt or the rate.",
    );
  }
}
