/** The kernels: everything hot, in WebAssembly, called with SI units and typed arrays. */
export { type Cell, type Synapses, type Trace, traceCell } from "./cells.ts";
export { erfc, erfcinv, erfcs, exp, exps, gaussian, log, logs } from "./functions.ts";
export {
  type ExternalEvents,
  longestSlice,
  mostCells,
  Network,
  type NetworkParameters,
  type NetworkPopulation,
  type NetworkSlice,
  type NetworkState,
} from "./network.ts";
export { type Moments, Population, type PopulationParameters, type RateJet, rateJets } from "./population.ts";
export { binomial, mersenneTwister, poisson } from "./random.ts";
export {
  type Connections,
  depolarisationOfRing,
  type RingTrial,
  type RingTrialResult,
  simulateRing,
} from "./ring.ts";
export { runsAtOnce, type ShotNoise, ShotNoiseRuns } from "./shot-noise.ts";
export { kernelBytes } from "./wasm.ts";
