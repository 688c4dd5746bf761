import type { Cell, Synapses } from "./cells.ts";
import { scratch, wasm, withScratch } from "./wasm.ts";

/** A population of one cell type in a network, with the fitted coefficients of its transfer function. */
export interface PopulationParameters {
  readonly cell: Pick<Cell, "Gl" | "Cm" | "El">;
  readonly synapses: Synapses;
  /** Excitatory and inhibitory synapses a cell receives. */
  readonly Ke: number;
  readonly Ki: number;
  /** What multiplies the inhibitory driving force in sigma_V and tau_V: Ti as published, Qi as coded. */
  readonly X: number;
  /** The eleven coefficients of the effective threshold, V. */
  readonly P: ArrayLike<number>;
}

/**
 * Subthreshold moments: mean and SD of the potential (V), its autocorrelation time (s), conductance (S); docs/model.md,
 * "Subthreshold moments".
 */
export interface Moments {
  readonly mu_V: number;
  readonly sigma_V: number;
  readonly tau_V: number;
  readonly mu_G: number;
}

/** F (Hz) and its exact derivatives along ν_e and ν_i. */
export interface RateJet {
  readonly F: number;
  readonly e: number;
  readonly i: number;
  readonly ee: number;
  readonly ei: number;
  readonly ii: number;
}

/** Values of a population in the order that the kernels expect (kernels/assembly/rate.ts). */
const pack = ({ cell, synapses, Ke, Ki, X, P }: PopulationParameters): number[] => {
  const { Qe, Qi, Te, Ti, Ee, Ei } = synapses;
  return [Ke, Ki, Qe, Qi, Te, Ti, Ee, Ei, cell.Gl, cell.Cm, cell.El, X, ...Array.from(P)];
};

/** Firing rate and moments of a population at presynaptic rates ν_e, ν_i in Hz per neuron; negative count as 0. */
export class Population {
  readonly packed: readonly number[];

  constructor(parameters: PopulationParameters) {
    this.packed = pack(parameters);
  }

  /** Lays the population out in the kernels' memory. */
  place(): number {
    const view = scratch.doubles(this.packed.length);
    view.set(this.packed);
    return view.byteOffset;
  }

  /** The transfer function F, Hz. */
  rate(nuE: number, nuI: number): number {
    return withScratch(1024, () => wasm.rate(this.place(), nuE, nuI, 0));
  }

  moments(nuE: number, nuI: number): Moments {
    return withScratch(1024, () => {
      const out = scratch.doubles(4);
      wasm.rate(this.place(), nuE, nuI, out.byteOffset);
      const [mu_V, sigma_V, tau_V, mu_G] = out as unknown as [number, number, number, number];
      return { mu_V, sigma_V, tau_V, mu_G };
    });
  }

  /** F with its first and second derivatives, exact. */
  rateJet(nuE: number, nuI: number): RateJet {
    return rateJets(this, this, [nuE, nuE], nuI)[0];
  }
}

/** `rateJet` of two populations at one ν_i, side by side. */
export function rateJets(
  first: Population,
  second: Population,
  [nuE, nuEOfSecond]: readonly [number, number],
  nuI: number,
): [RateJet, RateJet] {
  return withScratch(1024, () => {
    const out = scratch.doubles(12);
    wasm.rateJets(first.place(), second.place(), nuE, nuEOfSecond, nuI, out.byteOffset);
    const of = (lane: number): RateJet => ({
      F: out[lane]!,
      e: out[2 + lane]!,
      i: out[4 + lane]!,
      ee: out[6 + lane]!,
      ei: out[8 + lane]!,
      ii: out[10 + lane]!,
    });
    return [of(0), of(1)];
  });
}
