import { type NetworkParameters, synapseCounts } from "../parameters/network.ts";

/** Mean and SD of the conductances of a cell, nS. */
export interface Conductances {
  readonly mu_Ge: number;
  readonly sigma_Ge: number;
  readonly mu_Gi: number;
  readonly sigma_Gi: number;
}

/** Conductances under independent Poisson input at presynaptic rates in Hz (docs/model.md, "Subthreshold moments"). */
export function conductances(network: NetworkParameters, nuE: number, nuI: number): Conductances {
  const { Ke, Ki } = synapseCounts(network);
  const { Qe, Qi, Te, Ti } = network;
  const [perTe, perTi] = [Ke * nuE * Te * 1e-3, Ki * nuI * Ti * 1e-3]; // events in a decay time
  return {
    mu_Ge: Qe * perTe,
    sigma_Ge: Qe * Math.sqrt(perTe / 2),
    mu_Gi: Qi * perTi,
    sigma_Gi: Qi * Math.sqrt(perTi / 2),
  };
}
