import { longestSlice, type NetworkSlice } from "../../../kernels/index.ts";
import type { Artifact, LabelledArray } from "../../../pipeline/index.ts";
import { type Doubles, matrix, vector } from "../../labelled-arrays.ts";
import {
  type ExternalRates,
  externalEvents,
  populationSizes,
  recordedCells,
  refuseExcess,
  type SpikingParameters,
  spikingNetwork,
} from "./spiking.ts";

/**
 * A run of a spiking network: rates of both populations, all spikes, and the state of the cells numbered in
 * `recorded`, [recorded, time], as each step began. Inhibitory cells are numbered after the excitatory ones.
 */
export type SpikingRun = Artifact<
  {
    time: Doubles;
    rate_exc: Doubles;
    rate_inh: Doubles;
    spike_times: Doubles;
    spike_neurons: LabelledArray<Uint16Array>;
    recorded: LabelledArray<Uint16Array>;
    V: Doubles;
    Ge: Doubles;
    Gi: Doubles;
  },
  { cells_exc: number; cells_inh: number; synapses: number }
>;

/** Steps between two reports of progress: some milliseconds of work. */
const sliceSteps = Math.min(64, longestSlice);

/** Drawing the synapses takes as long as this many steps. */
const connecting = 1500;

/**
 * Simulates a network (docs/network.md).
 *
 * @param duration ms
 * @throws BadInput if steps are too long, or the run too large
 */
export async function runSpiking(
  parameters: SpikingParameters,
  duration: number,
  rates: ExternalRates,
  progress: (fraction: number) => Promise<void>,
): Promise<SpikingRun> {
  const steps = Math.round(duration / parameters.spiking.dt);
  refuseExcess(parameters, steps);
  const network = spikingNetwork(parameters);
  for (let connected = 0; connected < 1; ) {
    connected = network.connect();
    await progress((connecting * connected) / (connecting + steps));
  }
  const records = new Records(parameters, steps);
  for (let first = 0; first < steps; first += sliceSteps) {
    const count = Math.min(sliceSteps, steps - first);
    records.add(first, network.advance(externalEvents(parameters, rates, first, count)));
    await progress((connecting + first + count) / (connecting + steps));
  }
  return records.artifact(network.synapses);
}

/** Collects the slices of a run. */
class Records {
  readonly #dt: number;
  readonly #steps: number;
  readonly #sizes: { readonly exc: number; readonly inh: number };
  readonly #recorded: Uint16Array;
  readonly #rates: Readonly<Record<"exc" | "inh", Float64Array>>;
  readonly #traces: Readonly<Record<"V" | "Ge" | "Gi", Float64Array>>;
  readonly #spikes: { readonly times: Float64Array; readonly neurons: Uint16Array }[] = [];

  constructor(parameters: SpikingParameters, steps: number) {
    this.#dt = parameters.spiking.dt;
    this.#steps = steps;
    this.#sizes = populationSizes(parameters.network);
    this.#recorded = Uint16Array.from(recordedCells(parameters));
    const trace = () => new Float64Array(this.#recorded.length * steps);
    this.#rates = { exc: new Float64Array(steps), inh: new Float64Array(steps) };
    this.#traces = { V: trace(), Ge: trace(), Gi: trace() };
  }

  add(first: number, { spikeCounts, spikeNeurons, ...states }: NetworkSlice): void {
    const perHertz = this.#dt * 1e-3;
    const times = new Float64Array(spikeNeurons.length);
    let spike = 0;
    for (let i = 0; 2 * i < spikeCounts.length; i++) {
      const [exc, inh] = [spikeCounts[2 * i]!, spikeCounts[2 * i + 1]!];
      this.#rates.exc[first + i] = exc / (this.#sizes.exc * perHertz);
      this.#rates.inh[first + i] = inh / (this.#sizes.inh * perHertz);
      times.fill((first + i) * this.#dt, spike, spike + exc + inh);
      spike += exc + inh;
      for (const name of ["V", "Ge", "Gi"] as const) {
        for (let k = 0; k < this.#recorded.length; k++) {
          this.#traces[name][k * this.#steps + first + i] = states[name][i * this.#recorded.length + k]!;
        }
      }
    }
    this.#spikes.push({ times, neurons: spikeNeurons });
  }

  artifact(synapses: number): SpikingRun {
    const count = this.#spikes.reduce((sum, { times }) => sum + times.length, 0);
    const [times, neurons] = [new Float64Array(count), new Uint16Array(count)];
    let spike = 0;
    for (const slice of this.#spikes) {
      times.set(slice.times, spike);
      neurons.set(slice.neurons, spike);
      spike += slice.times.length;
    }
    const time = Float64Array.from({ length: this.#steps }, (_, i) => i * this.#dt);
    const trace = (name: "V" | "Ge" | "Gi", perUnit: number, units: string) => {
      const data = this.#traces[name].map((value) => value * perUnit);
      return matrix(["recorded", "time"], [this.#recorded.length, this.#steps], data, units);
    };
    return {
      arrays: {
        time: vector("time", time, "ms"),
        rate_exc: vector("time", this.#rates.exc, "Hz"),
        rate_inh: vector("time", this.#rates.inh, "Hz"),
        spike_times: vector("spike", times, "ms"),
        spike_neurons: vector("spike", neurons, "1"),
        recorded: vector("recorded", this.#recorded, "1"),
        V: trace("V", 1e3, "mV"),
        Ge: trace("Ge", 1e9, "nS"),
        Gi: trace("Gi", 1e9, "nS"),
      },
      values: { cells_exc: this.#sizes.exc, cells_inh: this.#sizes.inh, synapses },
    };
  }
}
