/** The kernels: everything hot, in WebAssembly, called with SI units and typed arrays. */
export { type Cell, countSpikes, type ShotNoise, type Synapses, type Trace, traceCell } from "./cells.ts";
export { erfc, erfcinv, exp, gaussian, log } from "./functions.ts";
export { type Moments, Population, type PopulationParameters, type RateJet } from "./population.ts";
export { mersenneTwister } from "./random.ts";
export { type Profile, type RingTrial, type RingTrialResult, simulateRing } from "./ring.ts";
export { kernelBytes } from "./wasm.ts";
